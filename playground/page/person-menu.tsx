import type { PersonView } from '../../src/playground/wire.js';
import { commandsHere, nameIn } from './commands.js';
import { commandType } from './discord-numbers.js';
import { useMenu } from './menu.js';
import { usePage } from './store.js';

/** Returns the context menu of a person: the apps' entries for people. */
export function usePersonMenu(person: PersonView) {
  const { store, state, me, words } = usePage();
  return useMenu(words.personMenu(person.name), () => [
    {
      title: words.apps,
      entries: commandsHere(state, commandType.user).map((command) => ({
        label: nameIn(me.language, command),
        onChoose: () =>
          void store.perform({ do: 'user-menu', channel: state.channel, user: person.id, name: command.name }),
      })),
    },
  ]);
}
