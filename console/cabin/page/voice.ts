import type { CalmingScript } from '../../../signaling/index.ts';
import type { Utterance } from '../calming/schedule.ts';
import { keepRecordings } from './recordings.ts';

export interface Voice {
  /** Instead of what is being said. */
  say(what: Utterance): void;
  stop(): void;
}

const LOCALES = { zh: 'zh-CN', en: 'en-GB' } as const;
/** For reading, where nothing can be heard: ms a character. */
const READ_MS = { zh: 220, en: 60 } as const;

/** Says messages: recordings, else the browser's own voice; where there is neither, it waits for as long as reading takes. */
export function createVoice(
  player: HTMLAudioElement,
  script: CalmingScript,
  onSpoken: (utterance: number) => void,
): Voice {
  const recordings = keepRecordings(script.clips);
  let current: AbortController | undefined;

  async function speak(what: Utterance, signal: AbortSignal): Promise<void> {
    for (const language of script.languages) {
      if (signal.aborted) return;
      const key = `${what.clip}.${language}`;
      const recording = recordings.get(key) ?? script.clips[key];
      const text = what.heard[language];
      const heard =
        (recording !== undefined && (await play(player, recording, signal))) ||
        (await synthesize(text, LOCALES[language], signal));
      if (!heard) await wait(text.length * READ_MS[language], signal);
    }
    if (!signal.aborted) onSpoken(what.utterance);
  }

  function stop(): void {
    current?.abort();
    current = undefined;
  }

  return {
    say(what) {
      stop();
      current = new AbortController();
      void speak(what, current.signal);
    },
    stop,
  };
}

/** False where it cannot be played. Silent in the moment the signal aborts. */
function play(player: HTMLAudioElement, url: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (played: boolean): void => {
      player.onended = player.onerror = null;
      signal.removeEventListener('abort', stop);
      resolve(played);
    };
    const stop = (): void => {
      player.pause();
      done(true);
    };
    signal.addEventListener('abort', stop);
    player.onended = () => done(true);
    player.onerror = () => done(false);
    player.src = url;
    player.play().catch(() => {
      if (!signal.aborted) done(false);
    });
  });
}

function synthesize(text: string, lang: string, signal: AbortSignal): Promise<boolean> {
  const { speechSynthesis: synthesis } = globalThis;
  const voice = synthesis?.getVoices().find((one) => one.lang.replace('_', '-').startsWith(lang.slice(0, 2)));
  if (!voice) return Promise.resolve(false);
  return new Promise((resolve) => {
    const speech = new SpeechSynthesisUtterance(text);
    Object.assign(speech, { voice, lang, rate: 0.9 });
    speech.onend = () => resolve(true);
    speech.onerror = () => resolve(signal.aborted);
    signal.addEventListener('abort', () => synthesis.cancel(), { once: true });
    synthesis.speak(speech);
  });
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
