import { textsOf } from '../../src/local-discord/message-components.js';
import type { Account } from './account.js';
import type { ChaosRun } from './chaos.js';
import type { Order } from './orders.js';
import type { Life, SupervisedProcess } from './supervised-process.js';

/** The result of a run: what was counted, and the stories of everything that went wrong. */
export interface Verdict {
  /** Numbers by what is counted, in the order in which they are to be read. */
  readonly counts: Readonly<Record<string, number>>;
  /** Number of times that each fault happened, by the fault's name. */
  readonly faults: ReadonlyMap<string, number>;
  /** Number of times that each refusal or failure was told, by its fate and text. */
  readonly reasons: ReadonlyMap<string, number>;
  /** Number of times that each last line was written by processes that ended though nobody had ended them. */
  readonly lastWords: ReadonlyMap<string, number>;
  /** Everything that must not happen and did, each in a paragraph. */
  readonly offences: readonly string[];
}

/** Violations that a killed bot cannot help: it finds out whether it had answered only by answering again. */
const forgiven = [
  /callback: .* (already acknowledged|acknowledged too late)/,
  // The bot keeps in memory which tokens Discord has refused, so it forgets them when it is killed.
  /tried again after it was told/,
];

/** Counts what became of all orders of a run, and tells the story of each that went wrong. */
export function judge(run: ChaosRun): Verdict {
  const { discord, installation, orders, injected, wasOffline } = run;
  const accounts = orders.orders.map((order) => ({ order, account: orders.account(order) }));
  const count = (isSo: (account: Account) => boolean) => accounts.filter(({ account }) => isSo(account)).length;
  const isLost = (order: Order, { fate }: Account) => fate === 'waiting' && orders.jobOf(order) !== undefined;
  const strays = orders.strays();
  const violations = discord.violations.filter((text) => !forgiven.some((pattern) => pattern.test(text)));
  const starts = (processes: readonly SupervisedProcess[]) =>
    processes.reduce((sum, { lives }) => sum + lives.length, 0);
  const ownEnds = installation.processes.flatMap(({ name, lives }) =>
    lives
      .filter(({ endedByItself }) => endedByItself)
      .map(({ end, run: { output } }) => lastWordsOf(name, end, output)),
  );
  const counts = {
    accepted: orders.accepted,
    delivered: count(({ fate }) => fate === 'delivered'),
    'failed and told': count(({ fate }) => fate === 'failed'),
    cancelled: count(({ fate }) => fate === 'cancelled'),
    'message deleted, so nothing to tell': count(({ fate }) => fate === 'gone'),
    lost: accounts.filter(({ order, account }) => isLost(order, account)).length,
    doubled: count(({ doubled }) => doubled.length > 0) + strays.length,
    'not what was ordered': count(({ wrong }) => wrong.length > 0),
    'not accepted: refused': count(({ fate }) => fate === 'refused'),
    'not accepted: no answer': accounts.length - orders.accepted - count(({ fate }) => fate === 'refused'),
    'same outcome written again': accounts.reduce((sum, { account }) => sum + account.repeats, 0),
    'pauses for shorter jobs': installation.count('job paused'),
    'starts of the bot': installation.bot.lives.length,
    'starts of workers': starts(installation.workers),
    'processes that ended by themselves': ownEnds.length,
    'what Discord forbids': violations.length,
  };
  const offences = [
    ...accounts.flatMap(({ order, account }) => {
      const faults = [...(isLost(order, account) ? ['lost'] : []), ...account.doubled, ...account.wrong];
      return faults.length === 0 ? [] : [storyOf(run, order, faults)];
    }),
    ...strays.map((message) => `doubled: a result that no order explains: ${message.text}`),
    ...violations.map((text) => `Discord forbids: ${text}`),
    // A process that starts while Discord is away may say so and end; its operator starts it again.
    ...(wasOffline ? ['the bot stayed offline: it was there, and not at the gateway'] : []),
    ...ownEnds.filter((words) => !words.includes(': whitewalker: ')).map((words) => `ended by itself: ${words}`),
  ];
  return {
    counts,
    faults: tally(injected.map(({ fault }) => fault)),
    reasons: tally(accounts.flatMap(({ account: { fate, reason } }) => (reason ? [`${fate}: ${reason}`] : []))),
    lastWords: tally(ownEnds),
    offences,
  };
}

/** Returns a verdict as Markdown tables, followed by the stories of all offences. */
export function reportOf({ counts, faults, reasons, lastWords, offences }: Verdict): string {
  return [
    '| what | how many |',
    '|---|---|',
    ...Object.entries(counts).map(([what, many]) => `| ${what} | ${many} |`),
    '',
    '| what went wrong | how often |',
    '|---|---|',
    ...rows(faults),
    '',
    '| what people were told where it was no result | how often |',
    '|---|---|',
    ...rows(reasons),
    ...(lastWords.size === 0
      ? []
      : ['', '| last words of what ended by itself | how often |', '|---|---|', ...rows(lastWords)]),
    ...offences.flatMap((offence) => ['', offence]),
    '',
  ].join('\n');
}

function lastWordsOf(name: string, end: Life['end'], output: string): string {
  // The error's message is the last line that is neither JSON nor indented: its stack and lines of the log may follow
  // it.
  const words =
    output
      .trimEnd()
      .split('\n')
      .findLast((line) => /^[^\s{]/.test(line)) ?? '';
  return `${name}, ended with ${end}: ${words.slice(0, 300)}`;
}

function rows(counts: ReadonlyMap<string, number>): readonly string[] {
  return [...counts].sort(([, a], [, b]) => b - a).map(([what, many]) => `| ${what} | ${many} |`);
}

function tally(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Tells all that is known of an order, by time: what people saw, what the bot wrote, and what went wrong meanwhile. */
function storyOf({ installation, orders, injected }: ChaosRun, order: Order, faults: readonly string[]): string {
  const job = orders.jobOf(order);
  const events: { readonly at: number; readonly text: string }[] = [];
  for (const [index, message] of orders.messagesOf(order).entries()) {
    for (const edit of message.edits) {
      const { at, files } = edit;
      const names = files.map(({ name, bytes }) => `${name} (${bytes.length} bytes)`).join(', ');
      events.push({ at, text: `message ${index + 1}: ${JSON.stringify(textsOf(edit).join('\n'))} ${names}` });
    }
  }
  if (job !== undefined) {
    for (const { writer, line } of installation.linesAbout(job)) {
      const { time, msg, level: _level, job: _job, task: _task, ...rest } = line;
      events.push({ at: Date.parse(String(time)), text: `${writer}: ${msg} ${JSON.stringify(rest)}` });
    }
  }
  const [from, to] = [Math.min(...events.map(({ at }) => at)), Math.max(...events.map(({ at }) => at))];
  for (const { name, lives } of installation.processes) {
    for (const [index, { startedAt }] of lives.entries()) {
      if (startedAt >= from && startedAt <= to) events.push({ at: startedAt, text: `${name} ${index + 1} is started` });
    }
  }
  for (const { at, fault, details } of injected) {
    if (at >= from - 10_000 && at <= to) events.push({ at, text: `** ${fault} ${details}` });
  }
  return [
    `order ${order.number} (${order.way}, job ${job}): ${faults.join('; ')}${order.deeds.length > 0 ? `; its person: ${order.deeds.join(', ')}` : ''}`,
    ...events
      .sort((a, b) => a.at - b.at)
      .map(({ at, text }) => `  ${new Date(at).toISOString().slice(11, 23)} ${text}`),
  ].join('\n');
}
