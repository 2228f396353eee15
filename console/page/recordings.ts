import type { RecordingView } from '../../api/index.ts';
import { byId, el, setText } from './dom.ts';
import type { I18n } from './i18n.ts';
import type { Store } from './store.ts';

/** How often it is looked whether there are any, ms. */
const LOOK_MS = 60_000;

/** Recorded calls, newest first; one is played for a reason. Where there are none, or one may not see them, nothing is shown. */
export function createRecordings(
  store: Store,
  i18n: I18n,
  askReason: (cabin: string, sought: 'recording') => Promise<string | undefined>,
): void {
  const dialog = byId<HTMLDialogElement>('recordings');
  const open = byId('recordings-open');
  const title = el('h2', { id: 'recordings-title' });
  const list = el('ul', { class: 'recordings' });
  const video = el('video', { class: 'recording-video', controls: true, playsinline: true, hidden: true });
  const note = el('p', { class: 'recordings-note', role: 'alert' });
  const back = el('button', { class: 'button', type: 'button', hidden: true, onclick: () => stop() });
  const close = el('button', { class: 'button', type: 'button', onclick: () => dialog.close() });
  dialog.append(title, list, video, note, el('div', { class: 'reason-actions' }, back, close));
  let known: readonly RecordingView[] = [];
  /** What the list shows: it is drawn anew when something has changed, so that no row goes away under a finger. */
  let drawn = '';
  let failed = false;

  const stop = (): void => {
    video.pause();
    video.removeAttribute('src');
    video.load();
    failed = false;
    render();
  };
  const play = async ({ id, liftId }: RecordingView): Promise<void> => {
    const reason = await askReason(store.nameOf(liftId), 'recording');
    if (reason === undefined) return;
    const answer = await fetch(`api/recordings/${encodeURIComponent(id)}/open`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason }),
    }).catch(() => undefined);
    failed = !answer?.ok;
    if (answer?.ok) {
      video.src = ((await answer.json()) as { path: string }).path;
      await video.play().catch(() => {});
    }
    render();
  };
  const row = (recording: RecordingView): HTMLElement => {
    const { text, dateTime, duration } = i18n;
    const { id, liftId, startedAt, durationMs, problem } = recording;
    const name = store.nameOf(liftId);
    const time = dateTime(startedAt);
    const label = text('recordingOpen', { name, time });
    const button = el(
      'button',
      { class: 'recording', type: 'button', 'aria-label': label, onclick: () => void play(recording) },
      el('span', { class: 'recording-name' }, name),
      el('span', {}, `${time} · ${duration(durationMs)}`),
    );
    const cut =
      problem === null ? [] : [el('p', { class: 'recording-cut' }, text('recordingCut', { problem }))];
    return el('li', { 'data-recording': id }, button, ...cut);
  };
  const render = (): void => {
    const { text } = i18n;
    const playing = video.hasAttribute('src');
    open.hidden = known.length === 0;
    setText(title, text('recordings'));
    setText(note, failed ? text('recordingFailed') : '');
    setText(back, text('back'));
    setText(close, text('close'));
    const now = JSON.stringify([i18n.language, known, known.map(({ liftId }) => store.nameOf(liftId))]);
    if (now !== drawn) list.replaceChildren(...known.map(row));
    drawn = now;
    [list.hidden, video.hidden, back.hidden] = [playing, !playing, !playing];
  };
  const look = async (): Promise<void> => {
    const answer = await fetch('api/recordings').catch(() => undefined);
    known = answer?.ok ? ((await answer.json()) as RecordingView[]) : [];
    render();
  };

  open.addEventListener('click', () => {
    dialog.showModal();
    void look();
  });
  dialog.addEventListener('close', stop);
  video.addEventListener('error', () => {
    failed = video.hasAttribute('src');
    render();
  });
  i18n.onChange(render);
  setInterval(look, LOOK_MS);
  void look();
}
