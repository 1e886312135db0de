import type { Workpiece } from '../../works/progress.js';
import type { Texts } from './english.js';
import { counter, dayAndTime, pluralChooser, relativeTime, spanner } from './language.js';

const counted = counter('de');
const plural = pluralChooser('de');
const timeSpan = spanner('de', {
  second: ['Sekunde', 'Sekunden'],
  minute: ['Minute', 'Minuten'],
  hour: ['Stunde', 'Stunden'],
});

/** The texts for all kinds of orders, in German. */
export const german: Texts = {
  language: 'de',

  commands: {
    quality: 'Größe und Sorgfalt',
    private: 'Nur du siehst das Ergebnis',
    spoiler: 'Das Ergebnis hinter einem Spoiler verbergen',
    styles: {
      description: 'Die Stile, die es gibt',
      list: 'Alle Stile ansehen',
      save: 'Einen Stil für dich behalten, bis zu 10',
      forget: 'Einen Stil entfernen, den du für dich behältst',
      add: 'Einen Stil dieses Servers hinzufügen (Moderation)',
      addName: 'Sein Name, zum Beispiel „Omas Decke“',
      addImage: 'Ein Bild in diesem Stil',
      remove: 'Einen Stil dieses Servers entfernen (Moderation)',
      removeName: 'Welchen',
    },
    settings: {
      description: 'Was dieser Server erlaubt (Moderation)',
      show: 'Alle Einstellungen zeigen',
      epochs: 'Wie viele Epochen ein Bild bekommen darf',
      epochsMax: 'Das Höchste, was man wählen darf',
      epochsDefault: 'Was gilt, wenn niemand wählt',
      size: 'Wie groß ein Ergebnis sein darf',
      sizeMax: 'Die längste Seite in Pixeln',
      animation: 'Was aus bewegten Bildern wird',
      animationFrames: 'Sie bewegen sich auch im Stil: Bild für Bild gemalt',
      framesMax: 'Wie viele Einzelbilder höchstens gemalt werden, zeitlich gleich verteilt',
      animationOff: 'Sie stehen still: Ihr erstes Einzelbild wird gemalt',
      limits: 'Wie viel jemand bestellen darf',
      limitsActive: 'Bilder einer Person, die warten oder gemalt werden',
      limitsDaily: 'Bilder einer Person in 24 Stunden',
      limitsQueue: 'Bilder dieses Servers, die warten dürfen',
      quality: 'Die Qualität, wenn niemand wählt',
      qualityDefault: 'Entwurf, normal oder hoch',
      channels: 'Wo der Bot benutzt werden darf',
      channelsAllow: 'Einen Kanal erlauben; danach sind alle anderen nicht mehr erlaubt',
      channelsDeny: 'Einen Kanal verbieten',
      channelsRemove: 'Einen Kanal von der Liste nehmen',
      channelsClear: 'Alle Kanäle von beiden Listen nehmen',
      channelsAgeRestricted: 'Ob der Bot in altersbeschränkten Kanälen benutzt werden darf',
      ageRestrictedAllowed: 'Ob er es darf',
      channel: 'Der Kanal',
      roles: 'Wer den Bot benutzen darf',
      rolesAllow: 'Eine Rolle erlauben; danach braucht man eine der erlaubten',
      rolesRemove: 'Eine Rolle von der Liste nehmen',
      rolesClear: 'Wieder allen erlauben',
      role: 'Die Rolle',
      people: 'Wer den Bot hier nicht benutzen darf',
      peopleBlock: 'Jemanden sperren, sodass er den Bot hier nicht benutzen kann',
      peopleUnblock: 'Jemanden wieder zulassen',
      person: 'Die Person',
      blockFor: 'Für wie lange; ohne Angabe ohne Ende',
      log: 'Wo Änderungen und Eingriffe aufgeschrieben werden',
      logChannel: 'Der Kanal; ohne ihn wird nichts aufgeschrieben',
      reset: 'Zurück zu den Vorgaben; wer gesperrt ist, bleibt es',
    },
    blockSpans: { hour: 'eine Stunde', day: 'einen Tag', week: 'eine Woche', month: '30 Tage' },
    queue: { description: 'Deine Bilder, die warten oder gemalt werden; die Moderation sieht alle dieses Servers' },
    help: { description: 'Was dieser Bot kann, und was hier erlaubt ist' },
    privacy: {
      description: 'Was ich über dich aufbewahre',
      show: 'Zeigen, was ich über dich aufbewahre und wie lange',
      delete: 'Alles sofort löschen, was ich über dich aufbewahre',
    },
    messageMenu: 'In Weißen Wanderer verwandeln',
    userMenu: 'Avatar zum Weißen Wanderer',
  },
  qualities: { draft: 'Entwurf', standard: 'normal', high: 'hoch' },
  ownStyle: 'eigener Stil',
  ownStyleOf: (letter) => `dein Stil ${letter}`,

  buttons: {
    cancel: 'Abbrechen',
    moreEpochs: 'Mehr Epochen',
    tryAgain: 'Noch einmal versuchen',
    larger: 'Größer',
    backToForm: 'Zurück zum Formular',
    delete: 'Löschen',
    previous: 'Zurück',
    next: 'Weiter',
  },

  job: {
    title: 'Dein Bild',
    pictureAlt: 'Das Bild, das gemalt wurde',
    animationAlt: 'Eine Animation: wie das Bild entstanden ist',
    fetching: () => 'Hole dein Bild …',
    waiting: ({ position, startsAt, endsAt }) =>
      position === 1
        ? `Du bist als Nächstes dran: Beginn ${relativeTime(startsAt)}, fertig ${relativeTime(endsAt)}.`
        : `Nummer ${position} in der Schlange: Beginn ${relativeTime(startsAt)}, fertig ${relativeTime(endsAt)}.`,
    noWorkers: (position) =>
      `Nummer ${position} in der Schlange. Gerade ist keine Maschine zum Malen frei; es beginnt, sobald eine da ist.`,
    starting: () => 'Stelle die Staffelei auf …',
    running: ({ at, epoch, epochs, loss, endsAt, isPaused }) =>
      isPaused
        ? `Pause nach Epoche ${epoch} von ${epochs}, solange ein kürzeres Bild gemalt wird. Fertig ${relativeTime(endsAt)}.`
        : `Epoche ${epoch} von ${epochs}, ${workpiece(at)}, Verlust ${decimal(loss.toPrecision(3))}. Fertig ${relativeTime(endsAt)}.`,
    suspended: () => 'Ich werde neu gestartet. Dein Bild ist sicher und geht weiter, sobald ich wieder da bin.',
    previewAlt: 'Das Bild, wie es gerade ist',
    noAnimation: 'Die Animation wäre zu groß, um sie hier zu senden.',
    noMemoryForAnimation: 'Für die Animation war zu wenig Speicher da. Bei einer kleineren Größe bleibt mehr für sie.',
    facts: ({ epochs, width, height, seconds, frames }) =>
      `${frames === undefined ? '' : `${framesOf(frames)} · `}${counted(epochs, 'Epoche', 'Epochen')} · ${width} × ${height} · ${seconds < 10 ? decimal(seconds.toFixed(1)) : Math.round(seconds)} s`,
    styleMoves: 'Der Stil bewegt sich: Sein erstes Einzelbild zählt.',
    styleIsTransparent: 'Der Stil ist stellenweise durchsichtig: Dort zählt er als weiß.',
    isStillOfMoving:
      'Was sich bewegt, wird zu einem stehenden Bild, wo Stile nach den Farben einer Maske gehen: Sein erstes Einzelbild zählt.',
    cameWhole: (number) =>
      `Die Datei ist abgeschnitten oder beschädigt: Von ihren Einzelbildern ${number === 1 ? 'kam nur das erste' : `kamen nur die ersten ${number}`} ganz an.`,
    damagedFrames: (number) =>
      `${counted(number, 'Einzelbild', 'Einzelbilder')} der Datei ${plural(number, 'ist beschädigt und zeigt', 'sind beschädigt und zeigen')}, was davor war.`,
    takenFrom: (link) => `aus [dieser Nachricht](${link})`,
    smaller: ({ asked, made }) => `Mit ${made} statt ${asked} Pixeln gemalt: Der Speicher hat nicht gereicht.`,
    cutShort: (shrunk) =>
      shrunk
        ? `Mit ${shrunk.made} statt ${shrunk.asked} Pixeln gemalt: Bei den feineren Größen ist etwas schiefgegangen.`
        : 'Früher beendet: Unterwegs ist etwas schiefgegangen.',
    outOfTime: (seconds) =>
      `Früher beendet: Wer mich betreibt, gibt einem Bild höchstens ${timeSpan(seconds)}. Mit weniger Epochen oder kleiner wird es rechtzeitig fertig.`,
    cancelled: {
      owner: 'Abgebrochen.',
      moderator: 'Von der Moderation abgebrochen.',
      deletion: 'Abgebrochen, weil die Nachricht gelöscht wurde.',
    },
    ready: (mention, link) => `${mention}, dein Bild ist fertig: ${link}`,
    notReady: (mention, link) => `${mention}, dein Bild konnte nicht gemalt werden: ${link}`,
  },

  queue: {
    title: 'Deine Bilder',
    serverTitle: 'Die Bilder dieses Servers',
    empty: 'Nichts wartet, nichts wird gemalt. `/whitewalker` fängt etwas an.',
    running: (endsAt) => `wird gemalt, fertig ${relativeTime(endsAt)}`,
    waiting: (position, endsAt) => `Nummer ${position}, fertig ${relativeTime(endsAt)}`,
    noWorkers: (position) => `Nummer ${position}, beginnt, sobald eine Maschine zum Malen da ist`,
    workers: (count, slots) =>
      `${counted(count, 'Maschine', 'Maschinen')}, ${counted(slots, 'Bild', 'Bilder')} gleichzeitig`,
    fetching: 'gerade angenommen',
    more: (number) => `… und ${counted(number, 'weiteres', 'weitere')}.`,
    cancelPlaceholder: 'Eines abbrechen …',
  },

  menu: {
    which: 'Welches Bild?',
    placeholder: 'Wähle ein Bild',
    picture: (number) => `Bild ${number}`,
  },

  styles: {
    title: 'Stile',
    ofServer: 'ein Stil dieses Servers',
    ofPerson: 'dein eigener',
    losesSmallFaces: 'Kleine Gesichter verlieren Augen und Mund: Er ist für Gesichter, die das Bild füllen.',
    saved: (name, isAgeRestricted) =>
      `**${name}** ist jetzt ein Stil von dir, ${isAgeRestricted ? 'aber nur in altersbeschränkten Kanälen, weil er aus einem kommt' : 'überall, wo ich bin'}: \`/whitewalker preset:${name}\`.`,
    page: (page, pages) => `Seite ${page} von ${pages}`,
    added: (name, isAgeRestricted) =>
      `**${name}** ist jetzt ein Stil dieses Servers${isAgeRestricted ? ', aber nur in altersbeschränkten Kanälen, weil er aus einem kommt' : ''}: \`/whitewalker preset:${name}\`.`,
    removed: (name) => `**${name}** ist weg. Bilder, die darauf warten, werden noch gemalt.`,
  },

  settings: {
    title: 'Einstellungen dieses Servers',
    labels: {
      epochs: 'Epochen',
      size: 'Größe',
      animation: 'Bewegte Bilder',
      limits: 'Grenzen',
      time: 'Zeit für ein Bild',
      quality: 'Qualität, wenn niemand wählt',
      channels: 'Kanäle',
      roles: 'Rollen',
      log: 'Protokoll',
      blocked: 'Gesperrt',
    },
    epochs: (max, fallback) => `bis ${max}, sonst ${fallback}`,
    size: (max) => `bis ${max} Pixel`,
    animation: (frames) =>
      frames > 1 ? `bis ${frames} Einzelbilder` : 'stehen still: Ihr erstes Einzelbild wird gemalt',
    limits: (active, daily, queue) =>
      `je Person ${active} gleichzeitig und ${daily} am Tag; ${counted(queue, 'wartendes', 'wartende')} auf diesem Server`,
    time: (seconds) => `bis zu ${timeSpan(seconds)}; das legt fest, wer mich betreibt`,
    limited: (wished) => `(der Server sagt ${wished}, aber wer mich betreibt, erlaubt nicht mehr)`,
    channels: (allowed, denied, ageRestricted) =>
      `${allowed.length > 0 ? `nur ${allowed.join(' ')}` : 'alle'}${denied.length > 0 ? `, nicht ${denied.join(' ')}` : ''}${ageRestricted ? '' : ', keine altersbeschränkten'}`,
    roles: (allowed) => (allowed.length > 0 ? `nur ${allowed.join(' ')}` : 'alle'),
    log: (channel) => channel ?? 'nirgends',
    nobody: 'niemand',
    blockedPerson: (person, until) => (until === undefined ? person : `${person} bis ${dayAndTime(until)}`),
    changed: 'Geändert, ab jetzt.',
    unchanged: 'Es hat sich nichts geändert: So ist es schon.',
    messageDeletedEntry: (owner, where) =>
      `Die Nachricht eines Bildes von ${owner} in ${where} wurde gelöscht, also habe ich es abgebrochen`,
    logOpened: 'Ab jetzt schreibe ich hier auf, was die Moderation ändert, abbricht und löscht.',
    logEntry: (who, what) => `${who} hat die Einstellungen geändert:\n${what}`,
    resetEntry: (who, what) => `${who} hat die Einstellungen zurückgesetzt:\n${what}`,
    styleAddedEntry: (who, name) => `${who} hat den Stil **${name}** hinzugefügt`,
    styleRemovedEntry: (who, name) => `${who} hat den Stil **${name}** entfernt`,
    cancelledEntry: (who, owner) => `${who} hat ein Bild von ${owner} abgebrochen`,
    deletedEntry: (who, owner, where) => `${who} hat in ${where} ein Bild von ${owner} gelöscht`,
  },

  privacy: {
    title: 'Was ich über dich aufbewahre',
    nothing: 'Nichts.',
    openJobs: (open) =>
      `${counted(open, 'Bild, an dem', 'Bilder, an denen')} ich male, mit dem, was du dafür hochgeladen hast`,
    closedJobs: (closed, until) =>
      `${counted(closed, 'Bestellung, die erledigt ist', 'Bestellungen, die erledigt sind')}, mit dem, was du dafür hochgeladen hast, bis spätestens ${dayAndTime(until)}`,
    acceptances: (orders) =>
      `wann du innerhalb von 24 Stunden ${counted(orders, 'Bild', 'Bilder')} bestellt hast, für die Tagesgrenzen`,
    styles: (styles) => `dass du Servern ${counted(styles, 'Stil', 'Stile')} gegeben hast, solange sie dort sind`,
    personalStyles: (styles) =>
      `${counted(styles, 'Stil', 'Stile')}, ${styles === 1 ? 'den' : 'die'} du für dich behältst, bis du ${styles === 1 ? 'ihn' : 'sie'} mit \`/styles forget\` entfernst`,
    defaults: 'was du mit `/defaults` eingestellt hast, bis du es zurücknimmst',
    blocks: (blocks) =>
      `dass dich die Moderation von ${counted(blocks, 'Server', 'Servern')} dort gesperrt hat, solange sie es will`,
    explanation: (keepHours) =>
      `Fertige Bilder werden ${keepHours > 0 ? `nach ${counted(keepHours, 'Stunde', 'Stunden')}` : 'sofort'} gelöscht, und mit ihnen deine ID${keepHours > 0 ? '; bis dahin gehen die Knöpfe darunter' : ''}. Nachrichten lese und behalte ich nicht. Wer mich betreibt, hat ein Protokoll mit IDs, aber ohne Bilder und ohne Worte. \`/privacy delete\` löscht das alles jetzt. Was ich gesendet habe, bleibt in Discord: Lösche diese Nachrichten dort.`,
    question:
      'Das bricht deine Bilder ab, die warten oder gemalt werden, und löscht alles, was ich über dich aufbewahre: was du hochgeladen hast, auch wo andere es mit den Knöpfen unter deinen Bildern verwendet haben, deine Bestellungen, deine eigenen Stile und Einstellungen und deine ID. Stile, die du Servern gegeben hast, bleiben dort, ohne deine ID. Es lässt sich nicht rückgängig machen. Nachrichten mit Ergebnissen bleiben in Discord.',
    confirm: 'Alles löschen',
    deleted: (jobs) =>
      `Erledigt: ${jobs === 0 ? 'Es gab keine Bestellung zu löschen' : `${counted(jobs, 'Bestellung', 'Bestellungen')} gelöscht`}. Deine ID ist überall weg. Wie viele Bilder du bestellt hast, zählt bis morgen für die Tagesgrenzen, ohne deine ID.`,
  },
  help: {
    title: 'whitewalker',
    body: ({ epochsMax, epochsDefault, active, daily, qualities, keepHours, kinds }) =>
      [
        'Ich male ein Bild im Stil eines anderen neu: Ein neuronales Netz sieht sich beide an, und die Pixel werden verändert, bis es die Formen des einen und die Pinselstriche des anderen sieht.',
        '',
        '- `/whitewalker` mit einem Bild macht daraus einen Weißen Wanderer; wähle mit `preset` einen anderen Stil oder hänge mit `style` einen eigenen an.',
        `- Rechtsklick auf eine Nachricht → Apps → **${german.commands.messageMenu}**. Rechtsklick auf jemanden → Apps → **${german.commands.userMenu}**.`,
        `- ${kinds.join(' ')}`,
        '- `/lab` hat alle Regler: zwei Stile, eine Maske, Schichten, Netz und mehr. Unter dem Ergebnis steht ein Rezept, das man wieder eingeben kann.',
        '- `/styles list` zeigt alle Stile, `/styles save` behält einen für dich, `/defaults` stellt deine Qualität und Farben ein.',
        '- `/queue` zeigt, wo deine Bilder stehen, und bricht sie ab.',
        '- Die Knöpfe unter einem Ergebnis malen es noch einmal: länger, kräftiger oder anders.',
        '',
        ...qualities.map((line) => `- ${line}`),
        '',
        `Hier: bis ${counted(epochsMax, 'Epoche', 'Epochen')} (${epochsDefault}, wenn du nicht wählst), ${counted(active, 'Bild', 'Bilder')} gleichzeitig und ${daily} am Tag.`,
        `Deine Bilder werden ${keepHours > 0 ? `${counted(keepHours, 'Stunde', 'Stunden')} nach dem Malen` : 'gleich nach dem Malen'} gelöscht. \`/privacy\` zeigt, was ich über dich aufbewahre, und löscht es.`,
      ].join('\n'),
    quality: (name, size, epochs, network) =>
      `**${name}**: ${size} Pixel, ${counted(epochs, 'Epoche', 'Epochen')}, ${network}`,
  },

  errors: {
    'channel-not-allowed': ({ allowed }) =>
      `Die Moderation hat diesen Kanal nicht für mich geöffnet. Versuch es in ${allowed ? allowed : 'einem anderen'}.`,
    'age-restricted-channel': () =>
      'Die Moderation dieses Servers lässt mich nicht in altersbeschränkte Kanäle. Versuch es in einem anderen Kanal.',
    'role-not-allowed': ({ allowed }) =>
      `Auf diesem Server dürfen mich nur bestimmte Rollen benutzen: ${allowed}. Bitte die Moderation um eine davon.`,
    blocked: ({ until }) =>
      `Die Moderation dieses Servers hat dich${until ? ` bis ${dayAndTime(Number(until))}` : ''} gesperrt: Du kannst mich hier nicht benutzen. Wenn du das für einen Irrtum hältst, frag sie.`,
    'bot-may-not-attach': () =>
      'Ich darf in diesem Kanal keine Dateien anhängen. Bitte die Moderation, mir **Dateien anhängen** zu erlauben, oder nimm einen anderen Kanal.',
    'too-many-active': ({ count, limit }) =>
      `Du hast ${counted(Number(count), 'Bild, das wartet oder gemalt wird', 'Bilder, die warten oder gemalt werden')}, und je Person ${plural(Number(limit), 'ist eines', `sind ${Number(limit)}`)} zugleich erlaubt. Versuch es wieder, wenn eines fertig ist; \`/queue\` zeigt sie und bricht sie ab.`,
    'daily-limit': ({ count, limit, again }) =>
      `Du hast an einem Tag ${counted(Number(count), 'Bild', 'Bilder')} bestellt, und dieser Server erlaubt ${plural(Number(limit), 'eines', String(limit))}. Versuch es ${relativeTime(Number(again))} wieder.`,
    'server-queue-full': ({ count, limit }) =>
      `${counted(Number(count), 'Bild', 'Bilder')} dieses Servers ${plural(Number(count), 'wartet', 'warten')}, und ${plural(Number(limit), 'eines darf', `${Number(limit)} dürfen`)} es. Versuch es in ein paar Minuten wieder.`,
    'queue-full': () => 'Meine Warteschlange ist gerade voll. Versuch es in ein paar Minuten wieder.',
    'no-machine': () =>
      'Gerade ist keine Maschine zum Malen da, und hier könnte ich dir später nicht mehr antworten. Versuch es nach einer Weile wieder, oder in einem Kanal, in dem ich schreiben darf.',
    'too-long': ({ seconds, limit }) =>
      `Das würde etwa ${timeSpan(Number(seconds))} dauern, und wer mich betreibt, gibt einem Bild höchstens ${timeSpan(Number(limit))}. Nimm weniger Epochen oder eine kleinere Größe.`,
    'wait-too-long': ({ minutes }) =>
      `Die Schlange ist etwa ${counted(Number(minutes), 'Minute', 'Minuten')} lang, und so spät könnte ich dir hier nicht mehr antworten. Versuch es, wenn sie kürzer ist, oder in einem Kanal, in dem ich schreiben darf.`,
    'epochs-out-of-range': ({ min, max }) =>
      `Hier sind ${min} bis ${counted(Number(max), 'Epoche', 'Epochen')} möglich.`,
    'number-needed': ({ text, min, max }) =>
      `„${text}“ ist keine Zahl von Epochen. Gib eine ganze Zahl von ${min} bis ${max} an.`,
    'size-out-of-range': ({ min, max }) => `Hier sind ${min} bis ${max} Pixel möglich.`,
    'recipe-not-a-pair': ({ part }) =>
      `„${part}“ im Rezept sagt nichts. Schreib es als \`name=wert\`, zum Beispiel \`size=512\`.`,
    'recipe-unknown-key': ({ key, keys }) => `„${key}“ gibt es in Rezepten nicht. Möglich sind ${keys}.`,
    'recipe-repeated-key': ({ key }) => `Im Rezept steht **${key}** zweimal.`,
    'recipe-no-number': ({ key, value, min, max }) =>
      `**${key}** kann nicht „${value}“ sein: Gib eine Zahl von ${min} bis ${max} an.`,
    'recipe-no-choice': ({ key, value, choices }) => `**${key}** kann nicht „${value}“ sein: Möglich sind ${choices}.`,
    'recipe-no-epochs': ({ key, value, max, scales }) =>
      `**${key}** kann nicht „${value}“ sein: Gib eine Zahl an, zum Beispiel 100, oder eine für jede von bis zu ${scales} Stufen, zum Beispiel 60,25,15; zusammen höchstens ${max}.`,
    'recipe-no-regions': ({ key, value }) =>
      `**${key}** kann nicht „${value}“ sein: Schreib links,oben,Breite,Höhe in Prozent des Bildes, zum Beispiel 25,10,50,40, mehrere mit Semikolon.`,
    'recipe-no-layers': ({ key, value }) =>
      `**${key}** kann nicht „${value}“ sein: Schreib Schichten mit Gewichten über 0, jede einmal, zum Beispiel relu1_1:1,relu2_1:.8.`,
    'recipe-no-picture': ({ key, value }) =>
      `**${key}** kann nicht „${value}“ sein: Schreib \`sha256:\` und die ersten 16 Ziffern des SHA-256 der Datei${key === 'styles' ? ' oder den Namen eines fertigen Stils' : ''}.`,
    'recipe-too-many-styles': ({ max }) => `Das Rezept nennt zu viele Stile: Bis zu ${max} lassen sich mischen.`,
    'recipe-no-mix': ({ key, value }) =>
      `**${key}** kann nicht „${value}“ sein: Schreib eine Zahl für jeden Stil, zum Beispiel 2:1.`,
    'recipe-no-colors': ({ key, value }) =>
      `**${key}** kann nicht „${value}“ sein: Schreib für jeden Stil eine Farbe der Maske oder rest, zum Beispiel #ff0000,#00ff00,rest.`,
    'colors-for-styles': ({ colors, styles }) =>
      `**style-colors** braucht für jeden Stil eine Farbe, aber zu ${colors} ${Number(styles) === 1 ? 'gibt es einen Stil' : `gibt es ${styles} Stile`}.`,
    'regions-without-style': () =>
      'Das Rezept hat **regions** neben **style-colors**, und ein Bereich hat keinen eigenen Stil. Lass eines davon weg, oder male die Bereiche in die Maske, in einer Farbe, die einen Stil hat.',
    'recipe-too-long': ({ max }) => `Dieses Rezept ist zu lang: Seine Angaben dürfen ${max} Zeichen haben.`,
    'recipe-lacks': ({ pictures }) =>
      `Dieses Rezept gehört zu Bildern, die ich nicht habe oder nicht hierher mitnehme: **${pictures}**. Häng sie unter diesen Namen an, oder nenn andere im Rezept.`,
    'picture-needed': () =>
      'Häng ein Bild als `content` an, oder gib unter `link` einen Link zu einem. In diesem Kanal habe ich in letzter Zeit nichts für dich gemalt, das ich stattdessen nehmen könnte.',
    'content-or-link': () => 'Gib ein Bild oder einen Link an, nicht beides.',
    'link-not-allowed': ({ hosts }) =>
      `Von dort kann ich keine Bilder nehmen. Gib einen Link zu einem Bild auf ${hosts} an oder zu einer meiner Nachrichten in diesem Kanal.`,
    'message-elsewhere': () =>
      'Diese Nachricht steht in einem anderen Kanal. Ich nehme nur Bilder aus Nachrichten in diesem.',
    'message-out-of-reach': () =>
      'An diese Nachricht komme ich nicht: Sie ist weg, oder ich darf hier nicht lesen, was schon geschrieben wurde. Häng das Bild als `content` an.',
    'message-not-readable': () =>
      `In dieser Nachricht sehe ich kein Bild. Was andere schreiben, kann ich nicht sehen: Nimm das Menü der Nachricht, Apps → **${german.commands.messageMenu}**.`,
    'too-many-styles': ({ max }) => `Das sind zu viele Stile: Bis zu ${max} lassen sich hier mischen.`,
    'mix-needs-two-styles': () => 'Eine Mischung braucht zwei Stile: Häng den zweiten als `style-2` an.',
    'bad-mix': ({ text }) => `„${text}“ ist keine Mischung zweier Stile. Schreib sie als 2:1.`,
    'network-missing': ({ network }) => `Die Gewichte von ${network} habe ich nicht. Wähle ein anderes Netz.`,
    'unknown-layer': ({ layer, network, layers }) => `${network} hat keine Schicht „${layer}“. Es gibt ${layers}.`,
    'too-many-layers': ({ max }) => `Das sind zu viele Schichten: Bis zu ${max} lassen sich auf einmal zeigen.`,
    'style-or-preset': () => 'Gib ein Stilbild oder einen fertigen Stil an, nicht beides.',
    'unknown-preset': ({ name }) =>
      `Einen Stil „${name}“ gibt es nicht. Wähle einen der Vorschläge; \`/styles list\` zeigt sie.`,
    'attachment-too-large': ({ maxMegabytes }) =>
      `Diese Datei ist zu groß: bis ${maxMegabytes} MB sind in Ordnung. Schick eine kleinere.`,
    'no-picture-in-message': () =>
      'In dieser Nachricht ist kein Bild. Versuch es mit einer Nachricht, die ein PNG, JPEG, WebP oder GIF hat.',
    'not-yours': () => 'Das dürfen nur die Person, die es bestellt hat, und die Moderation.',
    'already-over': () => 'Dieses Bild ist schon fertig oder abgebrochen.',
    'inputs-expired': ({ hours }) =>
      `Ich behalte Bilder nur ${hours ? counted(Number(hours), 'Stunde', 'Stunden') : 'kurze Zeit'}, und diese sind weg. Fang mit \`/whitewalker\` neu an.`,
    'strongest-already': () => 'Kräftiger geht es nicht. **Noch einmal mit …** ändert anderes.',
    'largest-already': () => 'Größere Bilder sind hier nicht erlaubt.',
    'most-epochs-already': ({ epochs, max }) =>
      `Es hat schon ${counted(Number(epochs), 'Epoche', 'Epochen')}, und bis zu ${Number(max)} sind hier erlaubt.`,
    'server-only': () => 'Das geht nur auf Servern.',
    'moderators-only': () => 'Das darf nur die Moderation (Nachrichten verwalten oder Server verwalten).',
    'managers-only': () => 'Das darf nur, wer den Server verwalten darf.',
    'setting-out-of-range': ({ min, max }) => `Das muss eine ganze Zahl von ${min} bis ${max} sein.`,
    'default-above-max': ({ max }) => `Die Vorgabe kann nicht über dem Höchsten von ${max} liegen.`,
    'too-many-entries': ({ max }) => `Mehr als ${max} können es nicht sein. Nimm zuerst einen Eintrag von der Liste.`,
    'not-listed': () => 'Das steht auf keiner Liste. Wähle einen der Vorschläge.',
    'too-many-blocked': ({ max }) =>
      `Mehr als ${counted(Number(max), 'Person kann', 'Personen können')} nicht gesperrt sein. Lass zuerst jemanden wieder zu.`,
    'not-blocked': ({ person }) => `${person} ist hier nicht gesperrt.`,
    'preset-bad-name': ({ characters }) =>
      characters
        ? `Im Namen eines Stils kann ${characters} nicht stehen. Nimm Buchstaben, Ziffern, Leerzeichen, \`-\` und \`_\`, zusammen bis zu 32.`
        : 'Ein Stil braucht einen Namen aus bis zu 32 Buchstaben, Ziffern, Leerzeichen, `-` und `_`, mit mindestens einem Buchstaben oder einer Ziffer.',
    'preset-built-in': ({ name }) =>
      `„${name}“ heißt schon einer der Stile, die ich mitbringe. Nimm einen anderen Namen.`,
    'preset-exists': ({ name }) =>
      `Einen Stil „${name}“ gibt es schon. Entferne ihn zuerst, oder nimm einen anderen Namen.`,
    'preset-full': ({ max }) =>
      `Ein Server kann ${counted(Number(max), 'eigenen Stil', 'eigene Stile')} haben. Entferne zuerst einen.`,
    'personal-styles-full': ({ max }) =>
      `Du kannst ${counted(Number(max), 'Stil', 'Stile')} für dich behalten. Entferne zuerst einen mit \`/styles forget\`.`,
    'log-not-writable': ({ channel }) =>
      `In ${channel} kann ich nicht schreiben. Erlaube mir dort „Kanal ansehen“ und „Nachrichten senden“ und versuch es noch einmal.`,
    'download-not-allowed': () =>
      'Ich nehme nur Bilder, die bei Discord hochgeladen sind. Lade es hoch und versuch es noch einmal.',
    'download-not-found': () => 'Discord hat dieses Bild nicht mehr. Lade es noch einmal hoch.',
    'download-too-many-bytes': ({ maxMegabytes }) =>
      `Diese Datei ist zu groß: bis ${maxMegabytes} MB sind in Ordnung. Schick eine kleinere.`,
    'download-timeout': () => 'Discord hat mir das Bild zu langsam gegeben. Versuch es bitte noch einmal.',
    'download-unavailable': () => 'Discord konnte mir das Bild gerade nicht geben. Versuch es bitte noch einmal.',
    'image/empty': () => 'Diese Datei ist leer; schick das Bild bitte noch einmal.',
    'image/not-an-image': () => 'Diese Datei ist kein Bild; schick bitte ein JPEG, PNG, WebP, GIF, AVIF oder TIFF.',
    'image/unsupported-format': () =>
      'Dieses Format nehme ich nicht; schick bitte ein JPEG, PNG, WebP, GIF, AVIF oder TIFF.',
    'image/ambiguous-samples': () =>
      'Die Bildwerte dieses TIFF zeigt jedes Programm anders; speichere es bitte mit 8 Bit je Kanal, zum Beispiel als PNG.',
    'image/truncated': () => 'Dieses Bild ist abgeschnitten; schick es bitte noch einmal.',
    'image/damaged': () => 'Dieses Bild ist beschädigt; schick es bitte noch einmal oder nimm ein anderes.',
    'image/out-of-memory': () => 'Zum Öffnen dieses Bildes ist zu wenig Speicher da; nimm bitte ein kleineres.',
    'image/too-large-for-format': () => 'Dieses Bild ist zu groß, um es zu schreiben; nimm bitte ein kleineres.',
    'image/no-memory-to-write': () => 'Zum Schreiben dieses Bildes ist zu wenig Speicher da; nimm bitte ein kleineres.',
    'image/too-many-bytes': () => 'Diese Datei ist zu groß; schick bitte eine kleinere.',
    'image/too-many-pixels': () => 'Dieses Bild hat zu viele Pixel; verkleinere es bitte.',
    'image/too-many-frames': () => 'Diese Animation hat zu viele Einzelbilder; schick bitte eine kürzere.',
    'image/too-many-frame-pixels': () =>
      'Die Einzelbilder dieser Animation sind zusammen zu groß; schick bitte eine kürzere oder kleinere.',
    'image/too-large-side': () => 'Dieses Bild ist zu breit oder zu hoch; verkleinere es bitte.',
    'image/too-small': ({ minSide }) =>
      `Dieses Bild ist zu klein; beide Seiten müssen mindestens ${minSide ?? 16} Pixel haben.`,
    'image/extreme-aspect-ratio': () => 'Dieses Bild ist viel länger als breit; schneide es bitte zu.',
    'outdated-button': () =>
      'Dieser Knopf ist aus einer anderen Version von mir und tut nichts mehr. Fang mit `/whitewalker` neu an.',
    'disk-trouble': () =>
      'Ich kann gerade keine Aufträge annehmen und nichts ändern: Der Datenträger, auf dem ich sie aufbewahre, macht Schwierigkeiten. Was ich angenommen habe, geht nicht verloren. Versuch es in einer Weile wieder.',
    stopping: () => 'Ich werde gerade neu gestartet. Versuch es in einer Minute wieder.',
    unexpected: ({ id }) =>
      `Bei mir ist etwas schiefgegangen. Wenn es wieder geschieht, nenn dem, der mich betreibt, diese Nummer: \`${id}\`.`,
  },
};

/** Returns what a job is working at, in words. */
function workpiece(at: Workpiece): string {
  switch (at.kind) {
    case 'scale':
      return `Stufe ${at.scale} von ${at.scales} (${at.width} × ${at.height})`;
    case 'frame':
      return `Einzelbild ${at.frame} von ${at.frames} (${at.width} × ${at.height})`;
    case 'layer':
      return `Schicht ${at.layer} (${at.number} von ${at.layers})`;
    case 'pixels':
      return `${at.width} × ${at.height}`;
  }
}

/** Returns how many frames were painted. */
function framesOf({ painted, inContent }: { readonly painted: number; readonly inContent: number }): string {
  const all = counted(inContent, 'Einzelbild', 'Einzelbilder');
  return painted === inContent ? all : `${painted} von ${counted(inContent, 'Einzelbild', 'Einzelbildern')}`;
}

/** Returns a number with a decimal comma. */
function decimal(number: string): string {
  return number.replace('.', ',');
}
