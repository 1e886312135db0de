import { RefusedByClientError } from '../../src/local-discord/client-error.js';
import type { OptionValues } from '../../src/local-discord/command-options.js';
import type { Interaction } from '../../src/local-discord/interaction.js';
import type { Message } from '../../src/local-discord/message.js';
import type { Person } from '../../src/local-discord/person.js';
import { type Account, accountOf, jobIn } from './account.js';
import type { Choices } from './choices.js';
import type { Town } from './town.js';

/** An order that a person has sent, accepted or not. */
export interface Order {
  readonly number: number;
  readonly way: string;
  readonly person: Person;
  readonly interaction: Interaction;
  readonly isPrivate: boolean;
  readonly aspect: number | undefined;
  /** What people did to the order's message, such as "cancelled". */
  readonly deeds: string[];
}

/** A way to order something, chosen in proportion to its share. */
interface Way {
  readonly name: string;
  readonly share: number;
  readonly command: string;
  readonly values: (pick: () => Town['pictures'][number], choices: Choices) => OptionValues;
}

const ways: readonly Way[] = [
  { name: 'preset', share: 30, command: 'whitewalker', values: (pick) => ({ content: pick().upload }) },
  {
    name: 'own style',
    share: 20,
    command: 'whitewalker',
    values: (pick) => ({ content: pick().upload, style: pick().upload }),
  },
  { name: 'private', share: 8, command: 'whitewalker', values: (pick) => ({ content: pick().upload, private: true }) },
  {
    name: 'lab',
    share: 8,
    command: 'lab',
    values: (pick) => ({ content: pick().upload, style: pick().upload, recipe: 'size=64 epochs=2' }),
  },
  {
    name: 'long',
    share: 10,
    command: 'lab',
    values: (pick) => ({ content: pick().upload, style: pick().upload, recipe: 'size=160 epochs=300' }),
  },
  { name: 'layers', share: 8, command: 'layers', values: (pick) => ({ image: pick().upload, layers: 'relu1_1' }) },
  { name: 'texture', share: 8, command: 'texture', values: () => ({ preset: 'wildfire' }) },
  {
    name: 'spot-difference',
    share: 10,
    command: 'spot-difference',
    values: (pick) => ({ first: pick().upload, second: pick().upload }),
  },
];

/** Probability that somebody orders more epochs of an earlier result, where there is one, rather than something new. */
const goingOn = 0.1;

const hasQuality: readonly string[] = ['whitewalker', 'layers', 'texture'];
const keepsProportions: readonly string[] = ['whitewalker', 'lab'];

/** All orders of a run, and what became of them. */
export class OrderBook {
  readonly orders: Order[] = [];
  readonly #town: Town;
  readonly #choices: Choices;
  readonly #isGivenUp: (jobId: string) => boolean;
  /** Orders whose fate may still change. */
  readonly #open = new Set<Order>();
  /** Ids of the jobs of all orders that were accepted, by order. */
  readonly #jobs = new Map<Order, string>();

  /** @param isGivenUp - tells whether the bot has logged that nobody can be told of a job. */
  constructor(town: Town, choices: Choices, isGivenUp: (jobId: string) => boolean) {
    this.#town = town;
    this.#choices = choices;
    this.#isGivenUp = isGivenUp;
  }

  /** Has somebody order something, whether the bot is there or not. */
  async place(): Promise<void> {
    // Each order has choices of its own: which earlier results there are must not change what is ordered later.
    const choices = this.#choices.branch();
    const number = this.orders.length + 1;
    const person = choices.one(this.#town.people);
    const earlier = choices.chance(goingOn) ? this.#oneToGoOnFrom(choices) : undefined;
    const order =
      earlier === undefined ? await this.#new(number, person, choices) : await this.#more(number, person, earlier);
    this.orders.push(order);
    this.#open.add(order);
  }

  /** Returns all orders that are not settled yet: their fate is `waiting`. */
  open(): readonly Order[] {
    for (const order of this.#open) {
      const { fate } = this.account(order);
      if (fate !== 'waiting') this.#open.delete(order);
    }
    return [...this.#open];
  }

  /** Number of orders that were accepted, which means that their people were told so. */
  get accepted(): number {
    for (const order of this.#open) this.jobOf(order);
    return this.#jobs.size;
  }

  /** Returns the id of an order's job, from the first message's Cancel button; undefined where it was not accepted. */
  jobOf(order: Order): string | undefined {
    const known = this.#jobs.get(order);
    if (known !== undefined) return known;
    const first = order.interaction.message?.edits[0];
    const job = first && jobIn(first);
    if (job !== undefined) this.#jobs.set(order, job);
    return job;
  }

  /** Returns all messages of the bot that are about an order. */
  messagesOf(order: Order): readonly Message[] {
    const job = this.jobOf(order);
    const posted = order.interaction.origin.channel.history.filter(({ nonce }) => job !== undefined && nonce === job);
    return [...order.interaction.messages, ...posted];
  }

  account(order: Order): Account {
    const { interaction, aspect, deeds } = order;
    const job = this.jobOf(order);
    const { history } = interaction.origin.channel;
    return accountOf({
      messages: this.messagesOf(order),
      hasFailed: interaction.hasFailed,
      isCancelAsked: deeds.includes('cancelled'),
      isGivenUp: job !== undefined && deeds.includes('message deleted') && this.#isGivenUp(job),
      calls: history.filter(({ nonce }) => job !== undefined && nonce === `${job}-done`).length,
      aspect,
    });
  }

  /** Returns the bot's messages that show a result and belong to no order at all. */
  strays(): readonly Message[] {
    const known = new Set(this.orders.flatMap((order) => this.messagesOf(order)));
    const said = this.#town.channels.flatMap(({ history }) => history).filter(({ author }) => author.isBot);
    const hasResult = ({ edits }: Message) =>
      edits.some(({ files }) => files.some(({ name }) => name.includes('result')));
    return said.filter((message) => !known.has(message) && hasResult(message));
  }

  /** Returns one of the orders that are accepted, not over, and fit; undefined where there is none. */
  oneUnderWay(choices: Choices, isFit: (order: Order) => boolean): Order | undefined {
    const underWay = this.allUnderWay(isFit);
    return underWay.length === 0 ? undefined : choices.one(underWay);
  }

  /** Returns the orders that are accepted, not over, and fit. */
  allUnderWay(isFit: (order: Order) => boolean): readonly Order[] {
    return this.open().filter((order) => this.jobOf(order) !== undefined && isFit(order));
  }

  async #new(number: number, person: Person, choices: Choices): Promise<Order> {
    const { name, command, values } = choices.weighted(ways);
    const picked: Town['pictures'][number][] = [];
    const pick = () => {
      const picture = choices.one(this.#town.pictures);
      picked.push(picture);
      return picture;
    };
    const given = { ...values(pick, choices), ...(hasQuality.includes(command) && { quality: 'draft' }) };
    const interaction = await person.in(choices.one(this.#town.channels)).command(command, given);
    const aspect = keepsProportions.includes(command) ? picked[0]?.aspect : undefined;
    return { number, way: name, person, interaction, isPrivate: name === 'private', aspect, deeds: [] };
  }

  async #more(number: number, person: Person, earlier: Order): Promise<Order> {
    const { message } = earlier.interaction;
    if (message === undefined) throw new RefusedByClientError('There is no message to go on from.');
    const interaction = await person.click(message, 'More epochs');
    const { aspect } = earlier;
    return { number, way: 'more epochs', person, interaction, isPrivate: false, aspect, deeds: [] };
  }

  #oneToGoOnFrom(choices: Choices): Order | undefined {
    const isFit = ({ isPrivate, interaction: { message } }: Order) =>
      !isPrivate && !message?.isDeleted && message?.buttons.some(({ label }) => label === 'More epochs');
    // Only the latest 40 orders are looked at: the pictures of all are kept, but people come back to what they see.
    const latest = this.orders.slice(-40).filter(isFit);
    return latest.length === 0 ? undefined : choices.one(latest);
  }
}
