import type { ErrorContext } from '../../coded-error.js';
import type { ResultFacts } from '../../jobs/job.js';
import type { JobProgress, Workpiece } from '../../works/progress.js';
import type { Quality } from '../../works/quality.js';
import type { Shrinkage } from '../../works/shortfall.js';
import { counter, dayAndTime, type Language, pluralChooser, relativeTime, spanner } from './language.js';

const counted = counter('en');
const plural = pluralChooser('en');
const timeSpan = spanner('en', {
  second: ['second', 'seconds'],
  minute: ['minute', 'minutes'],
  hour: ['hour', 'hours'],
});

/** Returns what a job is working at, in words. */
function workpiece(at: Workpiece): string {
  switch (at.kind) {
    case 'scale':
      return `scale ${at.scale} of ${at.scales} (${at.width} × ${at.height})`;
    case 'frame':
      return `frame ${at.frame} of ${at.frames} (${at.width} × ${at.height})`;
    case 'layer':
      return `layer ${at.layer} (${at.number} of ${at.layers})`;
    case 'pixels':
      return `${at.width} × ${at.height}`;
  }
}

/** What is told of how a picture was made. */
export type PictureFacts = Pick<ResultFacts, 'epochs' | 'width' | 'height' | 'seconds' | 'frames'>;

/** Returns how many frames were painted. */
function framesOf({ painted, inContent }: { readonly painted: number; readonly inContent: number }): string {
  return painted === inContent ? counted(painted, 'frame') : `${painted} of ${counted(inContent, 'frame')}`;
}

/** The texts for all kinds of orders, in English. Other languages have the same shape, see texts.ts. */
export const english = {
  /** The language of these texts, by which the texts of presets and of kinds are looked up. */
  language: 'en' as Language,

  commands: {
    quality: 'Size and care',
    private: 'Only you see the result',
    spoiler: 'Hide the result behind a spoiler',
    styles: {
      description: 'The styles to choose from',
      list: 'Look at all styles',
      save: 'Keep a style for yourself, up to 10',
      forget: 'Remove a style that you keep for yourself',
      add: 'Add a style of this server (moderators)',
      addName: 'Its name, such as "grandmas quilt"',
      addImage: 'A picture of the style',
      remove: 'Remove a style of this server (moderators)',
      removeName: 'Which one',
    },
    settings: {
      description: 'What this server allows (moderators)',
      show: 'Show all settings',
      epochs: 'How many epochs a picture may take',
      epochsMax: 'The most that anybody may choose',
      epochsDefault: 'What is used where nobody chooses',
      size: 'How large a result may be',
      sizeMax: 'The longest side in pixels',
      animation: 'What becomes of pictures that move',
      animationFrames: 'They move in the style, too: painted frame by frame',
      framesMax: 'The most frames that are painted, evenly in time',
      animationOff: 'They become stills: their first frame is painted',
      limits: 'How much anybody may ask for',
      limitsActive: 'Pictures that one person may have waiting or running',
      limitsDaily: 'Pictures that one person may ask for in 24 hours',
      limitsQueue: 'Pictures of this server that may wait',
      quality: 'The quality that is used where nobody chooses',
      qualityDefault: 'draft, standard or high',
      channels: 'Where the bot may be used',
      channelsAllow: 'Allow a channel; once one is allowed, all others are not',
      channelsDeny: 'Deny a channel',
      channelsRemove: 'Take a channel off the list',
      channelsClear: 'Take all channels off both lists',
      channelsAgeRestricted: 'Whether the bot may be used in age-restricted channels',
      ageRestrictedAllowed: 'Whether it may',
      channel: 'The channel',
      roles: 'Who may use the bot',
      rolesAllow: 'Allow a role; once one is allowed, people need one of them',
      rolesRemove: 'Take a role off the list',
      rolesClear: 'Allow everybody again',
      role: 'The role',
      people: 'Who may not use the bot here',
      peopleBlock: 'Keep a person from using the bot here',
      peopleUnblock: 'Let a person use the bot here again',
      person: 'The person',
      blockFor: 'For how long; leave it out for no end',
      log: 'Where changes and moderation are written to',
      logChannel: 'The channel; leave it out to write nowhere',
      reset: 'Go back to the defaults; people who are blocked stay so',
    },
    blockSpans: { hour: 'an hour', day: 'a day', week: 'a week', month: '30 days' },
    queue: { description: 'Your pictures that wait or run; moderators see all of this server' },
    help: { description: 'What this bot does, and what is allowed here' },
    privacy: {
      description: 'What I keep of you',
      show: 'Show what I keep of you, and for how long',
      delete: 'Delete everything that I keep of you, at once',
    },
    messageMenu: 'Turn into a White Walker',
    userMenu: 'White-walk this avatar',
  },
  qualities: { draft: 'draft', standard: 'standard', high: 'high' } satisfies Record<Quality, string>,
  ownStyle: 'your own style',
  /** One of several styles of a person's own: `letter` is A for the first. */
  ownStyleOf: (letter: string) => `your style ${letter}`,

  buttons: {
    cancel: 'Cancel',
    moreEpochs: 'More epochs',
    tryAgain: 'Try again',
    larger: 'Larger',
    backToForm: 'Back to the form',
    delete: 'Delete',
    previous: 'Previous',
    next: 'Next',
  },

  job: {
    /** The bot uses `title`, `pictureAlt` and `animationAlt` for orders that this version doesn't understand. */
    title: 'Your picture',
    pictureAlt: 'The picture that was made',
    animationAlt: 'An animation: how the picture was made',
    fetching: () => 'Fetching your picture…',
    waiting: ({ position, startsAt, endsAt }: { position: number; startsAt: number; endsAt: number }) =>
      position === 1
        ? `You are next: begins ${relativeTime(startsAt)}, ready ${relativeTime(endsAt)}.`
        : `Number ${position} in the queue: begins ${relativeTime(startsAt)}, ready ${relativeTime(endsAt)}.`,
    noWorkers: (position: number) =>
      `Number ${position} in the queue. No machine is free to paint just now; it begins as soon as one is.`,
    starting: () => 'Setting up the easel…',
    running: ({ at, epoch, epochs, loss, endsAt, isPaused }: JobProgress & { endsAt: number }) =>
      isPaused
        ? `Paused after epoch ${epoch} of ${epochs} while a shorter picture is painted. Ready ${relativeTime(endsAt)}.`
        : `Epoch ${epoch} of ${epochs}, ${workpiece(at)}, loss ${loss.toPrecision(3)}. Ready ${relativeTime(endsAt)}.`,
    suspended: () => 'I am being restarted. Your picture is safe, and goes on as soon as I am back.',
    previewAlt: 'The picture as it is now',
    noAnimation: 'The animation would have been too large to send here.',
    noMemoryForAnimation: 'There was not enough memory for the animation. A smaller size leaves more for it.',
    facts: ({ epochs, width, height, seconds, frames }: PictureFacts) =>
      `${frames === undefined ? '' : `${framesOf(frames)} · `}${counted(epochs, 'epoch')} · ${width} × ${height} · ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`,
    styleMoves: 'The style moves: its first frame counts.',
    styleIsTransparent: 'The style is transparent in places: they count as white.',
    isStillOfMoving: 'What moves becomes a still where styles go by the colours of a mask: its first frame counts.',
    cameWhole: (number: number) =>
      `The file is cut off or damaged: of its frames, only ${number === 1 ? 'the first' : `the first ${number}`} came whole.`,
    damagedFrames: (number: number) =>
      `${counted(number, 'frame')} of the file ${plural(number, 'is', 'are')} damaged and ${plural(number, 'shows', 'show')} what was before.`,
    /** Behind the facts of a picture that was made from the picture of a message. */
    takenFrom: (link: string) => `from [this message](${link})`,
    smaller: ({ asked, made }: Shrinkage) => `Made at ${made} instead of ${asked} pixels: there was not enough memory.`,
    cutShort: (shrunk: Shrinkage | undefined) =>
      shrunk
        ? `Made at ${shrunk.made} instead of ${shrunk.asked} pixels: something went wrong at the finer sizes.`
        : 'Finished early: something went wrong on the way.',
    outOfTime: (seconds: number) =>
      `Finished early: whoever hosts me gives a picture ${timeSpan(seconds)} at most. Fewer epochs or a smaller size are done in time.`,
    cancelled: {
      owner: 'Cancelled.',
      moderator: 'Cancelled by a moderator.',
      deletion: 'Cancelled, since its message was deleted.',
    },
    ready: (mention: string, link: string) => `${mention} your picture is ready: ${link}`,
    notReady: (mention: string, link: string) => `${mention} your picture could not be made: ${link}`,
  },

  queue: {
    title: 'Your pictures',
    serverTitle: "This server's pictures",
    empty: 'Nothing is waiting or running. `/whitewalker` starts something.',
    running: (endsAt: number) => `running, ready ${relativeTime(endsAt)}`,
    waiting: (position: number, endsAt: number) => `number ${position}, ready ${relativeTime(endsAt)}`,
    noWorkers: (position: number) => `number ${position}, begins once a machine is free to paint`,
    workers: (count: number, slots: number) => `${counted(count, 'worker')}, ${counted(slots, 'picture')} at once`,
    fetching: 'just accepted',
    more: (count: number) => `… and ${count} more.`,
    cancelPlaceholder: 'Cancel one of them…',
  },

  menu: {
    which: 'Which picture?',
    placeholder: 'Choose a picture',
    picture: (number: number) => `Picture ${number}`,
  },

  styles: {
    title: 'Styles',
    ofServer: 'a style of this server',
    ofPerson: 'your own',
    losesSmallFaces: 'Small faces lose eyes and mouth: it is for faces that fill the picture.',
    saved: (name: string, isAgeRestricted: boolean) =>
      `**${name}** is a style of your own now, ${isAgeRestricted ? 'in age-restricted channels only, since it was saved in one' : 'wherever I am'}: \`/whitewalker preset:${name}\`.`,
    page: (page: number, pages: number) => `Page ${page} of ${pages}`,
    added: (name: string, isAgeRestricted: boolean) =>
      `**${name}** is a style of this server now${isAgeRestricted ? ', in age-restricted channels only, since it was added in one' : ''}: \`/whitewalker preset:${name}\`.`,
    removed: (name: string) => `**${name}** is gone. Pictures that wait for it are still made.`,
  },

  settings: {
    title: 'Settings of this server',
    labels: {
      epochs: 'Epochs',
      size: 'Size',
      animation: 'Pictures that move',
      limits: 'Limits',
      time: 'Time for a picture',
      quality: 'Quality where nobody chooses',
      channels: 'Channels',
      roles: 'Roles',
      log: 'Log',
      blocked: 'Blocked',
    },
    epochs: (max: number, fallback: number) => `up to ${max}, ${fallback} where nobody chooses`,
    size: (max: number) => `up to ${max} pixels`,
    animation: (frames: number) => (frames > 1 ? `up to ${frames} frames` : 'off: their first frame is painted'),
    limits: (active: number, daily: number, queue: number) =>
      `${active} at once and ${daily} a day for each person; ${queue} waiting in this server`,
    time: (seconds: number) => `up to ${timeSpan(seconds)}, as whoever hosts me has set it`,
    /** Said behind a setting where whoever hosts the bot allows less than the server wishes. */
    limited: (wished: number) => `(this server says ${wished}, but whoever hosts me allows no more)`,
    channels: (allowed: readonly string[], denied: readonly string[], ageRestricted: boolean) =>
      `${allowed.length > 0 ? `only ${allowed.join(' ')}` : 'all'}${denied.length > 0 ? `, not ${denied.join(' ')}` : ''}${ageRestricted ? '' : ', not age-restricted ones'}`,
    roles: (allowed: readonly string[]) => (allowed.length > 0 ? `only ${allowed.join(' ')}` : 'everybody'),
    log: (channel: string | undefined) => channel ?? 'nowhere',
    nobody: 'nobody',
    blockedPerson: (person: string, until: number | undefined) =>
      until === undefined ? person : `${person} until ${dayAndTime(until)}`,
    changed: 'Changed, from now on.',
    unchanged: 'Nothing has changed: this is how it is.',
    logEntry: (who: string, what: string) => `${who} changed the settings:\n${what}`,
    resetEntry: (who: string, what: string) => `${who} reset the settings:\n${what}`,
    styleAddedEntry: (who: string, name: string) => `${who} added the style **${name}**`,
    styleRemovedEntry: (who: string, name: string) => `${who} removed the style **${name}**`,
    cancelledEntry: (who: string, owner: string) => `${who} cancelled a picture of ${owner}`,
    deletedEntry: (who: string, owner: string, where: string) => `${who} deleted a picture of ${owner} in ${where}`,
    messageDeletedEntry: (owner: string, where: string) =>
      `The message of a picture of ${owner} in ${where} was deleted, so I cancelled it`,
    logOpened: 'From now on, I write here what moderators change, cancel and delete.',
  },

  privacy: {
    title: 'What I keep of you',
    nothing: 'Nothing.',
    openJobs: (count: number) =>
      `${counted(count, 'picture')} that I am working on, with what you uploaded for ${plural(count, 'it', 'them')}`,
    closedJobs: (count: number, until: number) =>
      `${counted(count, 'order')} that ${plural(count, 'is', 'are')} over, with what you uploaded for ${plural(count, 'it', 'them')}, until ${dayAndTime(until)} at the latest`,
    acceptances: (count: number) => `when you asked for ${counted(count, 'picture')} within 24 hours, for daily limits`,
    styles: (count: number) => `that you added ${counted(count, 'style')} to servers, as long as those have them`,
    personalStyles: (count: number) =>
      `${counted(count, 'style')} that you keep for yourself, until you remove ${plural(count, 'it', 'them')} with \`/styles forget\``,
    defaults: 'what you have set with `/defaults`, until you clear it',
    blocks: (count: number) =>
      `that the moderators of ${counted(count, 'server')} have blocked you there, for as long as they wish`,
    explanation: (keepHours: number) =>
      `Finished pictures are deleted ${keepHours > 0 ? `after ${counted(keepHours, 'hour')}, and with them your id; until then, the buttons below them work` : 'at once, and with them your id'}. I read no messages, and keep none. Whoever hosts me has a log with ids in it, but without pictures or words. \`/privacy delete\` deletes all of this now. What I have sent stays in Discord: delete those messages there.`,
    question:
      'This cancels your pictures that wait or run, and deletes everything that I keep of you: what you uploaded, also where others used it by the buttons below your pictures, your orders, the styles that you keep for yourself, your defaults, and your id. Styles that you added to servers stay there, without your id. It cannot be undone. Messages with results stay in Discord.',
    confirm: 'Delete everything',
    deleted: (jobs: number) =>
      `Done: ${jobs === 0 ? 'there was no order to delete' : `${counted(jobs, 'order')} deleted`}. Your id is gone everywhere. How many pictures you asked for counts for daily limits until tomorrow, without your id.`,
  },

  help: {
    title: 'whitewalker',
    body: ({
      epochsMax,
      epochsDefault,
      active,
      daily,
      qualities,
      keepHours,
      kinds,
    }: {
      epochsMax: number;
      epochsDefault: number;
      active: number;
      daily: number;
      qualities: readonly string[];
      keepHours: number;
      /** Sentences about the kinds of orders, from the texts of each kind. */
      kinds: readonly string[];
    }) =>
      [
        'I repaint a picture in the style of another: a neural network looks at both, and the pixels are changed until it sees the shapes of the one and the brush strokes of the other.',
        '',
        '- `/whitewalker` with a picture turns it into a White Walker; choose a `preset`, or attach a `style` of your own.',
        '- Right-click a message → Apps → **Turn into a White Walker**. Right-click a person → Apps → **White-walk this avatar**.',
        `- ${kinds.join(' ')}`,
        '- `/lab` has all controls: two styles, a mask, layers, network and more. Its results come with a recipe that it takes again.',
        '- `/styles list` shows all styles, `/styles save` keeps one for you, `/defaults` sets your own quality and colours.',
        '- `/queue` shows where your pictures stand, and cancels them.',
        '- The buttons below a result paint it again: longer, stronger, or otherwise.',
        '',
        ...qualities.map((line) => `- ${line}`),
        '',
        `Here: up to ${counted(epochsMax, 'epoch')} (${epochsDefault} where you don't choose), ${counted(active, 'picture')} at once and ${daily} a day.`,
        `Your pictures are deleted ${keepHours > 0 ? `${counted(keepHours, 'hour')} after they are done` : 'as soon as they are done'}. \`/privacy\` shows what I keep of you, and deletes it.`,
      ].join('\n'),
    quality: (name: string, size: number, epochs: number, network: string) =>
      `**${name}**: ${size} pixels, ${counted(epochs, 'epoch')}, ${network}`,
  },

  errors: {
    'channel-not-allowed': ({ allowed }) =>
      `Moderators have not opened this channel for me. Try ${allowed ? allowed : 'another one'}.`,
    'age-restricted-channel': () =>
      'The moderators of this server keep me out of age-restricted channels. Try another channel.',
    'role-not-allowed': ({ allowed }) =>
      `This server lets only certain roles use me: ${allowed}. Ask a moderator for one of them.`,
    blocked: ({ until }) =>
      `Moderators of this server have blocked you from using me here${until ? ` until ${dayAndTime(Number(until))}` : ''}. If you think that this is a mistake, ask them.`,
    'bot-may-not-attach': () =>
      'I may not attach files in this channel. Ask a moderator to give me **Attach Files** here, or try another channel.',
    'too-many-active': ({ count, limit }) =>
      `You have ${counted(Number(count), 'picture')} waiting or running, and one person may have ${Number(limit)} at once. Try again when one is done; \`/queue\` shows and cancels them.`,
    'daily-limit': ({ count, limit, again }) =>
      `You have asked for ${counted(Number(count), 'picture')} within a day, and this server allows ${Number(limit)}. Try again ${relativeTime(Number(again))}.`,
    'server-queue-full': ({ count, limit }) =>
      `${counted(Number(count), 'picture')} of this server ${plural(Number(count), 'is', 'are')} waiting, and it may have ${Number(limit)}. Try again in a few minutes.`,
    'queue-full': () => 'My queue is full right now. Try again in a few minutes.',
    'no-machine': () =>
      'No machine is free to paint just now, and here I could not answer you late. Try again in a while, or in a channel where I may write messages.',
    'too-long': ({ seconds, limit }) =>
      `That would take about ${timeSpan(Number(seconds))}, and whoever hosts me gives a picture ${timeSpan(Number(limit))} at most. Take fewer epochs or a smaller size.`,
    'wait-too-long': ({ minutes }) =>
      `The queue is about ${counted(Number(minutes), 'minute')} long, and here I could not answer you that late. Try again when it is shorter, or in a channel where I may write messages.`,
    'epochs-out-of-range': ({ min, max }) => `Epochs go from ${min} to ${max} here.`,
    'number-needed': ({ text, min, max }) =>
      `"${text}" is no number of epochs. Give a whole number from ${min} to ${max}.`,
    'size-out-of-range': ({ min, max }) => `Sizes go from ${min} to ${max} pixels here.`,
    'recipe-not-a-pair': ({ part }) =>
      `"${part}" in the recipe says nothing. Write it as \`key=value\`, such as \`size=512\`.`,
    'recipe-unknown-key': ({ key, keys }) => `There is no "${key}" in recipes. Choose from ${keys}.`,
    'recipe-repeated-key': ({ key }) => `The recipe says **${key}** twice.`,
    'recipe-no-number': ({ key, value, min, max }) =>
      `**${key}** can't be "${value}": give a number from ${min} to ${max}.`,
    'recipe-no-choice': ({ key, value, choices }) => `**${key}** can't be "${value}": choose from ${choices}.`,
    'recipe-no-epochs': ({ key, value, max, scales }) =>
      `**${key}** can't be "${value}": give a number, such as 100, or one for each of up to ${scales} scales, such as 60,25,15; ${max} in all at most.`,
    'recipe-no-regions': ({ key, value, reason }) => `**${key}** can't be "${value}": ${reason}`,
    'recipe-no-layers': ({ key, value, reason }) => `**${key}** can't be "${value}": ${reason}`,
    'recipe-no-picture': ({ key, value }) =>
      `**${key}** can't be "${value}": write \`sha256:\` and the first 16 digits of the SHA-256 of the file${key === 'styles' ? ', or the name of a preset' : ''}.`,
    'recipe-too-many-styles': ({ max }) => `The recipe names too many styles: up to ${max} can be blended.`,
    'recipe-no-mix': ({ key, value }) => `**${key}** can't be "${value}": write a number for each style, such as 2:1.`,
    'recipe-no-colors': ({ key, value }) =>
      `**${key}** can't be "${value}": write a colour of the mask for each style, or rest, such as #ff0000,#00ff00,rest.`,
    'colors-for-styles': ({ colors, styles }) =>
      `**style-colors** has to have a colour for each style, but there ${Number(styles) === 1 ? 'is one style' : `are ${styles} styles`} for ${colors}.`,
    'regions-without-style': () =>
      'The recipe has **regions** beside **style-colors**, and a region has no style of its own. Leave one of them out, or paint the regions into the mask in a colour that has a style.',
    'recipe-too-long': ({ max }) =>
      `This recipe is too long: its settings may have ${counted(Number(max), 'character')}.`,
    'recipe-lacks': ({ pictures }) =>
      `This recipe was made with pictures that I don't keep, or not for here: **${pictures}**. Attach them under these names, or name others in the recipe.`,
    'picture-needed': () =>
      'Attach a picture as `content`, or give a `link` to one. I have painted nothing for you in this channel lately that I could take instead.',
    'content-or-link': () => 'Give a picture or a link, not both.',
    'link-not-allowed': ({ hosts }) =>
      `I can't take pictures from there. Give a link to a picture on ${hosts}, or to a message of mine in this channel.`,
    'message-elsewhere': () => 'That message is in another channel. I take pictures from messages of this one only.',
    'message-out-of-reach': () =>
      "I can't get at that message: it is gone, or I may not read what was written in this channel. Attach the picture as `content`.",
    'message-not-readable': () =>
      `I see no picture in that message. Of what others write I can see nothing: use the menu of the message, Apps → **Turn into a White Walker**.`,
    'too-many-styles': ({ max }) => `Those are too many styles: up to ${max} can be blended here.`,
    'mix-needs-two-styles': () => 'A mix needs two styles: attach the second one as `style-2`.',
    'bad-mix': ({ text }) => `"${text}" is no mix of two styles. Write it as 2:1.`,
    'network-missing': ({ network }) => `I don't have the weights of ${network}. Choose another network.`,
    'unknown-layer': ({ layer, network, layers }) => `${network} has no layer "${layer}". It has ${layers}.`,
    'too-many-layers': ({ max }) => `Those are too many layers: up to ${max} can be shown at once.`,
    'style-or-preset': () => 'Give a style picture or a preset, not both.',
    'unknown-preset': ({ name }) =>
      `There is no style "${name}". Choose one of the suggestions; \`/styles list\` shows them.`,
    'attachment-too-large': ({ maxMegabytes }) =>
      `That file is too large: up to ${maxMegabytes} MB are fine. Send a smaller one.`,
    'no-picture-in-message': () =>
      'There is no picture in that message. Try it on a message with a PNG, JPEG, WebP or GIF.',
    'not-yours': () => 'Only the person who asked for it, and moderators, may do that.',
    'already-over': () => 'That picture is finished or cancelled already.',
    'inputs-expired': ({ hours }) =>
      `I keep pictures ${hours ? `for ${counted(Number(hours), 'hour')} only` : 'for a short time only'}, and these are gone. Start again with \`/whitewalker\`.`,
    'strongest-already': () => 'It is at its strongest already. **Again with…** changes other things.',
    'largest-already': () => 'Larger pictures are not allowed here.',
    'most-epochs-already': ({ epochs, max }) =>
      `It has ${counted(Number(epochs), 'epoch')} already, and up to ${Number(max)} are allowed here.`,
    'server-only': () => 'That works in servers only.',
    'moderators-only': () => 'Only moderators (Manage Messages or Manage Server) may do that.',
    'managers-only': () => 'Only people who may manage the server may do that.',
    'setting-out-of-range': ({ min, max }) => `That must be a whole number from ${min} to ${max}.`,
    'default-above-max': ({ max }) => `The default can't be above the maximum of ${max}.`,
    'too-many-entries': ({ max }) => `No more than ${max} can be listed. Take one off the list first.`,
    'not-listed': () => 'That is on no list. Choose one of the suggestions.',
    'too-many-blocked': ({ max }) =>
      `No more than ${counted(Number(max), 'person', 'people')} can be blocked. Unblock somebody first.`,
    'not-blocked': ({ person }) => `${person} isn't blocked here.`,
    'preset-bad-name': ({ characters }) =>
      characters
        ? `A style's name can't have ${characters} in it. Use letters, digits, spaces, \`-\` and \`_\`, up to 32 in all.`
        : 'A style needs a name of up to 32 letters, digits, spaces, `-` and `_`, with at least one letter or digit.',
    'preset-exists': ({ name }) => `There is a style "${name}" already. Remove it first, or choose another name.`,
    'preset-built-in': ({ name }) => `"${name}" is one of the styles that I came with. Choose another name.`,
    'preset-full': ({ max }) => `A server may have ${counted(Number(max), 'style')} of its own. Remove one first.`,
    'personal-styles-full': ({ max }) =>
      `You may keep ${counted(Number(max), 'style')} for yourself. Remove one with \`/styles forget\` first.`,
    'log-not-writable': ({ channel }) =>
      `I can't write in ${channel}. Give me View Channel and Send Messages there, then try again.`,
    'download-not-allowed': () => 'I only take pictures that are uploaded to Discord. Upload yours, then try again.',
    'download-not-found': () => 'Discord no longer has that picture. Upload it again, then try once more.',
    'download-too-many-bytes': ({ maxMegabytes }) =>
      `That file is too large: up to ${maxMegabytes} MB are fine. Send a smaller one.`,
    'download-timeout': () => 'Discord was too slow to give me the picture. Please try again.',
    'download-unavailable': () => 'Discord could not give me the picture just now. Please try again.',
    'outdated-button': () =>
      'That button is from another version of me and does nothing any more. Start again with `/whitewalker`.',
    'disk-trouble': () =>
      "I can't take orders or change anything just now: there is trouble with the disk that I keep them on. Nothing that I have accepted is lost. Try again in a while.",
    stopping: () => 'I am being restarted. Try again in a minute.',
    unexpected: ({ id }) =>
      `Something went wrong on my side. If it happens again, tell whoever hosts me this number: \`${id}\`.`,
  } as Record<string, ((context: ErrorContext) => string) | undefined>,
};

/** The texts for all kinds of orders, in one language. */
export type Texts = typeof english;
