import { useState } from 'preact/hooks';
import { type RequestView, type Trouble, troubles } from '../../src/playground/wire.js';
import { causeTrouble, startAnew } from './server.js';
import { usePage } from './store.js';

/** The panel for what usually can't be seen: the bot, its queue, its requests, and trouble on demand. */
export function Panel() {
  const { state } = usePage();
  return (
    <div class="panel">
      <BotFacts />
      {state.isOwner && <Troubles />}
      {state.isOwner && <Requests />}
      {state.isOwner && <Anew />}
    </div>
  );
}

function BotFacts() {
  const { state, words } = usePage();
  const { bot, queue, clockAheadMs } = state;
  return (
    <section aria-labelledby="bot-facts">
      <h3 id="bot-facts">{words.bot}</h3>
      <dl class="facts">
        <div>
          <dt>{words.state}</dt>
          <dd class={`bot-state ${bot.state}`}>{words.botStates[bot.state]}</dd>
        </div>
        <div>
          <dt>{words.gateway}</dt>
          <dd>{bot.isConnected ? words.connected : words.disconnected}</dd>
        </div>
        <div>
          <dt>{words.computeProcesses}</dt>
          <dd>{bot.computeProcesses}</dd>
        </div>
        <div>
          <dt>{words.restarts}</dt>
          <dd>{bot.restarts}</dd>
        </div>
      </dl>
      <h3>{words.queue}</h3>
      {/* The rows stay while the bot is gone: else the buttons below would move under the pointer. */}
      <dl class="facts">
        {Object.entries(words.jobStates).map(([name, title]) => (
          <div key={name}>
            <dt>{title}</dt>
            <dd>{queue?.[name] ?? '–'}</dd>
          </div>
        ))}
      </dl>
      {clockAheadMs > 0 && <p class="small-print">{words.clockAhead(clockAheadMs / 60_000)}</p>}
    </section>
  );
}

function Troubles() {
  const { store, words } = usePage();
  const cause = (trouble: Trouble) => void causeTrouble(trouble).catch((error: unknown) => store.complain(error));
  return (
    <section aria-labelledby="trouble">
      <h3 id="trouble">{words.trouble}</h3>
      <p class="small-print">{words.troubleHint}</p>
      <ul class="troubles">
        {troubles.map((trouble) => {
          const [name, effect] = words.troubles[trouble];
          return (
            <li key={trouble}>
              <button
                type="button"
                class="button secondary"
                aria-describedby={`trouble-${trouble}`}
                onClick={() => cause(trouble)}
              >
                {name}
              </button>
              <span id={`trouble-${trouble}`} class="small-print">
                {effect}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Requests() {
  const { state, words } = usePage();
  const count = state.requests.reduce((sum, { violations }) => sum + violations.length, 0);
  return (
    <section aria-labelledby="requests">
      <h3 id="requests">{words.requests}</h3>
      <p class={count > 0 ? 'problem' : 'small-print'}>{count > 0 ? words.violations(count) : words.noViolations}</p>
      {/* The table can be scrolled, so that people who use the keyboard must be able to get there. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section class="requests" tabIndex={0} aria-label={words.requestsOf}>
        <table>
          <caption class="visually-hidden">{words.requestsOf}</caption>
          <tbody>
            {state.requests.toReversed().map((request) => (
              <RequestRow key={request.number} request={request} />
            ))}
          </tbody>
        </table>
        {state.requests.length === 0 && <p class="small-print">{words.noRequests}</p>}
      </section>
    </section>
  );
}

function RequestRow({ request }: { readonly request: RequestView }) {
  const { words } = usePage();
  const { method, path, status, ms, violations } = request;
  const kind = status >= 500 || status === 0 ? 'bad' : status >= 400 ? 'refused' : 'good';
  return (
    <tr>
      <td class={`status ${kind}`}>{status === 0 ? words.cut : status}</td>
      <td>{method}</td>
      <td class="path">
        <code>{path}</code>
        {violations.map((violation) => (
          <span key={violation} class="problem">
            {words.violation} {violation}
          </span>
        ))}
      </td>
      <td class="ms">{Math.round(ms)} ms</td>
    </tr>
  );
}

function Anew() {
  const { store, words } = usePage();
  const [isAsking, setAsking] = useState(false);
  const begin = async () => {
    setAsking(false);
    await startAnew().catch((error: unknown) => store.complain(error));
  };
  return (
    <section aria-labelledby="anew">
      <h3 id="anew">{words.anew}</h3>
      <p class="small-print">{words.anewHint}</p>
      {isAsking ? (
        <p class="row">
          <button type="button" class="button danger" onClick={() => void begin()}>
            {words.anewSure}
          </button>
          <button type="button" class="button secondary" onClick={() => setAsking(false)}>
            {words.cancel}
          </button>
        </p>
      ) : (
        <button type="button" class="button secondary" onClick={() => setAsking(true)}>
          {words.anew}
        </button>
      )}
    </section>
  );
}
