import { useEffect, useState } from 'preact/hooks';
import { Chat } from './chat.js';
import { Modal } from './modal.js';
import { Panel } from './panel.js';
import { Sidebar } from './sidebar.js';
import { Context, personOf, type Store, useStoreState } from './store.js';
import { words } from './words/words.js';

/** Windows that are at least so wide show the panel from the beginning, in pixels. */
const wide = 1_100;

export function App({ store }: { readonly store: Store }) {
  const state = useStoreState(store);
  const [isSidebarOpen, setSidebarOpen] = useState(false);
  const [isPanelOpen, setPanelOpen] = useState(window.innerWidth >= wide);
  const me = state && personOf(state, state.me);
  const language = me?.language ?? 'en-US';
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const spoken = words[language];
  if (!state || !me) {
    return (
      <main class="waiting">
        <h1>whitewalker playground</h1>
        <p role="status">…</p>
      </main>
    );
  }
  const channel = state.channels.find(({ id }) => id === state.channel);
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setSidebarOpen(false);
  };
  return (
    <Context.Provider value={{ store, state, me, words: spoken }}>
      <div class={`layout${isSidebarOpen ? ' with-sidebar' : ''}${isPanelOpen ? ' with-panel' : ''}`}>
        <aside class="sidebar" aria-label={spoken.openSidebar} onKeyDown={closeOnEscape}>
          <Sidebar onNavigate={() => setSidebarOpen(false)} />
        </aside>
        {isSidebarOpen && (
          <button type="button" class="curtain" aria-label={spoken.close} onClick={() => setSidebarOpen(false)} />
        )}
        <main class="main">
          <header class="header">
            <button
              type="button"
              class="icon-button sidebar-opener"
              aria-label={spoken.openSidebar}
              aria-expanded={isSidebarOpen}
              onClick={() => setSidebarOpen(!isSidebarOpen)}
            >
              <span aria-hidden="true">☰</span>
            </button>
            <h1>
              <span aria-hidden="true" class="sign">
                {channel?.kind === 'direct' ? '@' : '#'}
              </span>
              {channel?.name}
            </h1>
            <button
              type="button"
              class="button secondary panel-opener"
              aria-expanded={isPanelOpen}
              onClick={() => setPanelOpen(!isPanelOpen)}
            >
              {spoken.behind}
            </button>
          </header>
          {channel && <Chat channel={channel} />}
        </main>
        {isPanelOpen && (
          <aside class="panel-column" aria-labelledby="behind">
            <header class="header">
              <h2 id="behind">{spoken.behind}</h2>
              <button type="button" class="icon-button" aria-label={spoken.close} onClick={() => setPanelOpen(false)}>
                <span aria-hidden="true">×</span>
              </button>
            </header>
            <Panel />
          </aside>
        )}
        {state.modal && <Modal key={state.modal.interaction} open={state.modal} />}
        <div class="toast" role="alert">
          {state.toast !== undefined && <p>{state.toast}</p>}
        </div>
      </div>
    </Context.Provider>
  );
}
