import { isOpen, type Known, type Stage } from '../stage.ts';
import type { CabinCall } from './call.ts';
import { PICTOGRAMS, STAGE_PICTOGRAM } from './pictograms.ts';
import { type Both, STAGE_WORDS, WORDS } from './words.ts';

export interface Picture {
  readonly stage: Stage;
  readonly known: Known;
  readonly call: CabinCall | undefined;
  /** What is being said, or was said last. */
  readonly message: Both | undefined;
}

export interface Screen {
  show(picture: Picture): void;
}

/** Where one may ask for help: not once it is known that somebody did. */
const CAN_ASK: readonly Stage[] = ['well', 'away', 'running', 'over', 'door'];
/** Where it is shown what has been done so far. */
const WITH_STEPS: readonly Stage[] = ['alarm', 'seen', 'help', 'connecting'];

/** Where it is said that the call is recorded: before it begins, and while it goes on. */
const IN_CALL: readonly Stage[] = ['connecting', 'call'];

/** Draws only what has changed, so that nothing flickers and screen readers are told once. */
export function createScreen(onHelp: () => void): Screen {
  const main = element('screen');
  const [line, live, picture, title] = [
    element('line'),
    element('live'),
    element('picture'),
    element('title'),
  ];
  const [steps, more, video] = [element('steps'), element('more'), element('operator')];
  const consent = element('consent');
  const help = element('help');
  help.innerHTML = PICTOGRAMS.bell;
  help.append(...paragraphs(WORDS.help));
  help.onclick = onHelp;
  const drawn = new Map<HTMLElement, string>();
  const draw = (where: HTMLElement, what: unknown, how: () => void): void => {
    const key = JSON.stringify(what) ?? '';
    if (drawn.get(where) === key) return;
    drawn.set(where, key);
    how();
  };
  addEventListener('resize', () => fitIn(main));

  return {
    show(now) {
      const { stage, known, call, message } = now;
      main.dataset.stage = stage;
      const { title: heading, more: below } = wordsOf(now);
      draw(title, heading, () => title.replaceChildren(...paragraphs(heading)));
      draw(picture, stage, () => {
        picture.innerHTML = PICTOGRAMS[STAGE_PICTOGRAM[stage]];
      });
      video.hidden = !(stage === 'call' && call?.seen);
      picture.hidden = !video.hidden;
      draw(more, below, () => more.replaceChildren(...paragraphs(below)));
      more.classList.toggle('said', message !== undefined && below === message);
      help.hidden = !(CAN_ASK.includes(stage) || (stage === 'alarm' && !known.status?.alarm?.pressed));
      help.classList.toggle('small', stage !== 'well');
      steps.hidden = !WITH_STEPS.includes(stage);
      draw(steps, stepsOf(known), () => steps.replaceChildren(...stepsOf(known).map(stepItem)));
      const warning = warningOf(now);
      line.hidden = !warning;
      draw(line, warning, () => line.replaceChildren(...paragraphs(warning ?? { zh: '', en: '' })));
      const on = call?.camera ? WORDS.live : call?.microphone ? WORDS.soundOnly : undefined;
      live.hidden = !on;
      draw(live, on, () => {
        live.innerHTML = `${call?.camera ? PICTOGRAMS.camera : ''}${PICTOGRAMS.microphone}`;
        if (on) live.append(...paragraphs(on));
      });
      const told = IN_CALL.includes(stage) ? call?.consent : undefined;
      consent.hidden = !told;
      draw(consent, told, () => consent.replaceChildren(...(told ? paragraphs(told) : [])));
      const shown = [...main.children].filter((part) => !(part as HTMLElement).hidden).map(({ id }) => id);
      const others = [...drawn].filter(([where]) => where !== main).map(([, what]) => what);
      draw(main, [stage, shown, video.hidden, others], () => fitIn(main));
    },
  };
}

/** Lowers the size of everything until nothing is cut off: messages may be an owner's own, and screens of any shape. */
function fitIn(main: HTMLElement): void {
  for (let percent = 100; percent >= 50; percent -= 4) {
    main.style.setProperty('--fit', String(percent / 100));
    if (main.scrollHeight <= main.clientHeight) return;
  }
}

function wordsOf({ stage, known, message }: Picture): { readonly title: Both; readonly more: Both } {
  const words = STAGE_WORDS[stage];
  const alarm = known.status?.alarm;
  const minutes = stage === 'help' ? minutesLeft(known) : undefined;
  let { title } = words;
  if (stage === 'alarm' && alarm && !alarm.pressed) title = WORDS.noticed;
  if (minutes !== undefined) title = fill(WORDS.helpIn, minutes);
  if (stage === 'over' && isOpen(known.status)) title = STAGE_WORDS.door.title;
  const saying = WITH_STEPS.includes(stage) || stage === 'unsent';
  return { title, more: (saying && message) || words.more };
}

/** Undefined once that time has passed: nobody knows then. */
function minutesLeft({ status, now }: Known): number | undefined {
  const arrivesAt = status?.alarm?.help?.arrivesAt;
  return arrivesAt !== undefined && arrivesAt > now ? Math.ceil((arrivesAt - now) / 60_000) : undefined;
}

function warningOf({ stage, known, call }: Picture): Both | undefined {
  if (stage === 'call' && call?.state !== 'connected') return WORDS.weak;
  return known.away && WITH_STEPS.includes(stage) ? WORDS.offline : undefined;
}

type Step = { readonly pictogram: keyof typeof PICTOGRAMS; readonly words: Both; readonly done: boolean };

function stepsOf(known: Known): Step[] {
  const alarm = known.status?.alarm;
  const minutes = minutesLeft(known);
  return [
    { pictogram: 'bell', words: WORDS.stepAlarm, done: alarm !== undefined },
    { pictogram: 'eye', words: WORDS.stepSeen, done: alarm?.seenAt !== undefined },
    {
      pictogram: 'rescue',
      words: minutes === undefined ? WORDS.stepHelp : fill(WORDS.minutes, minutes),
      done: alarm?.help !== undefined,
    },
  ];
}

function stepItem({ pictogram, words, done }: Step): HTMLElement {
  const item = document.createElement('li');
  item.className = done ? 'done' : '';
  item.innerHTML = PICTOGRAMS[pictogram];
  item.append(...paragraphs(words));
  return item;
}

function paragraphs(words: Both): HTMLElement[] {
  return (['zh', 'en'] as const).map((lang) => {
    const line = document.createElement('span');
    line.className = lang;
    line.lang = lang;
    line.textContent = words[lang];
    return line;
  });
}

const fill = (words: Both, n: number): Both => ({
  zh: words.zh.replace('{n}', String(n)),
  en: words.en.replace('{n}', String(n)),
});

function element(id: string): HTMLElement {
  return document.getElementById(id) as HTMLElement;
}
