import { useState } from 'preact/hooks';
import type { ChannelView, PersonLanguage, PersonView } from '../../src/playground/wire.js';
import { usePersonMenu } from './person-menu.js';
import { channelsOf, usePage } from './store.js';
import { type Theme, useTheme } from './theme.js';

/** The column at the left: channels, members, and who the visitor is. */
export function Sidebar({ onNavigate }: { readonly onNavigate: () => void }) {
  const { store, state, words } = usePage();
  const channels = channelsOf(state, state.me);
  const open = ({ id }: ChannelView) => {
    store.change({ channel: id });
    onNavigate();
  };
  const list = (title: string, kind: ChannelView['kind'], sign: string) => {
    const shown = channels.filter((channel) => channel.kind === kind);
    if (shown.length === 0) return null;
    return (
      <>
        <h2 class="sidebar-title">{title}</h2>
        <ul class="channels">
          {shown.map((channel) => (
            <li key={channel.id}>
              <button
                type="button"
                class="channel"
                aria-current={channel.id === state.channel ? 'page' : undefined}
                onClick={() => open(channel)}
              >
                <span aria-hidden="true" class="sign">
                  {sign}
                </span>
                {channel.name}
              </button>
            </li>
          ))}
        </ul>
      </>
    );
  };
  const here = channels.find(({ id }) => id === state.channel);
  const members = state.people.filter(({ id, role }) => role === 'bot' || here?.people.includes(id));
  return (
    <>
      <p class="server-name">{state.serverName}</p>
      <nav class="sidebar-lists" aria-label={words.openSidebar}>
        {list(words.channels, 'server', '#')}
        {list(words.directMessages, 'direct', '@')}
        <h2 class="sidebar-title">{words.members}</h2>
        <ul class="members">
          {members.map((person) => (
            <Member key={person.id} person={person} />
          ))}
        </ul>
      </nav>
      <Identity />
    </>
  );
}

function Member({ person }: { readonly person: PersonView }) {
  const { words } = usePage();
  const { onContextMenu, button, menu } = usePersonMenu(person);
  return (
    <li class="member" onContextMenu={onContextMenu}>
      <img class="small-avatar" src={person.avatar} alt="" />
      <span class="member-name">{person.name}</span>
      <span class="member-role">{words.roles[person.role]}</span>
      {button}
      {menu}
    </li>
  );
}

const languages: readonly (readonly [PersonLanguage, string])[] = [
  ['en-US', 'English'],
  ['de', 'Deutsch'],
];

/** The one control that switches between people, and between languages. */
function Identity() {
  const { store, state, me, words } = usePage();
  const [isOpen, setOpen] = useState(false);
  const [theme, setTheme] = useTheme();
  const people = state.people.filter(({ role, id }) => role !== 'bot' && (state.isOwner || id === me.id));
  return (
    <div class="identity">
      {isOpen && (
        <fieldset id="identity" class="identity-choice" onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}>
          <legend class="visually-hidden">{words.switchPerson}</legend>
          {people.map((person) => (
            <label key={person.id} class="identity-entry">
              <input
                type="radio"
                name="person"
                aria-label={words.be(person.name)}
                checked={person.id === me.id}
                onChange={() => store.be(person.id)}
              />
              <img class="small-avatar" src={person.avatar} alt="" />
              <span class="member-name">{person.name}</span>
              <span class="member-role">{words.roles[person.role]}</span>
            </label>
          ))}
          <fieldset class="identity-languages" aria-label={words.languages}>
            {languages.map(([language, name]) => (
              <label key={language} class="identity-entry">
                <input
                  type="radio"
                  name="language"
                  checked={language === me.language}
                  onChange={() => void store.perform({ do: 'language', language })}
                />
                <span lang={language}>{name}</span>
              </label>
            ))}
          </fieldset>
          <fieldset class="identity-languages" aria-label={words.theme}>
            {(['system', 'dark', 'light'] satisfies Theme[]).map((each) => (
              <label key={each} class="identity-entry">
                <input type="radio" name="theme" checked={theme === each} onChange={() => setTheme(each)} />
                {words.themes[each]}
              </label>
            ))}
          </fieldset>
        </fieldset>
      )}
      <button
        type="button"
        class="identity-button"
        aria-expanded={isOpen}
        aria-controls="identity"
        onClick={() => setOpen(!isOpen)}
      >
        <img class="avatar" src={me.avatar} alt="" />
        <span class="identity-name">
          <strong>
            <span class="visually-hidden">{words.youAre} </span>
            {me.name}
          </strong>
          <span>
            {words.roles[me.role]} · {me.language === 'de' ? 'Deutsch' : 'English'}
          </span>
        </span>
        <span class="visually-hidden">{words.switchPerson}</span>
        <span class="identity-sign" aria-hidden="true">
          ⇅
        </span>
      </button>
    </div>
  );
}
