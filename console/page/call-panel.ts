import type { Incident } from '../../api/index.ts';
import {
  browserPlatform,
  browserResume,
  type CallClient,
  type CallView,
  createCallClient,
  openBrowserMedia,
} from '../call/index.ts';
import { byId, el, setText } from './dom.ts';
import type { I18n } from './i18n.ts';

/** The call over the whole window: the cabin's picture and sound, mute, hang up, and its state in words. */
export function createCallPanel(i18n: I18n): (callee: Callee) => void {
  const dialog = byId<HTMLDialogElement>('call');
  let current: Call | undefined;
  i18n.onChange(() => current?.render());
  dialog.addEventListener('close', () => {
    current?.close();
    current = undefined;
    dialog.replaceChildren();
  });
  return (callee) => {
    current?.close();
    current = new Call(callee, i18n, () => dialog.close());
    dialog.replaceChildren(current.element);
    dialog.showModal();
  };
}

/** Whom to call, and what lets one in. */
export interface Callee {
  readonly liftId: string;
  readonly liftName: string;
  readonly incidentId?: string;
  readonly token: () => Promise<string>;
}

/** For somebody who is signed in. */
export const calleeOf = ({ id: incidentId, liftId }: Incident, liftName: string): Callee => ({
  liftId,
  liftName,
  incidentId,
  token: () => tokenFor(liftId, incidentId),
});

/** One call, from its first moment: it begins by itself. */
class Call {
  readonly element: HTMLElement;
  readonly #i18n: I18n;
  readonly #liftName: string;
  readonly #client: CallClient;
  readonly #video = el('video', { class: 'call-video', autoplay: true, playsinline: true });
  readonly #title = el('h2', { id: 'call-name', class: 'call-title' });
  readonly #state = el('p', { id: 'call-state', class: 'call-state', role: 'status' });
  readonly #note = el('p', { class: 'call-note', role: 'alert' });
  readonly #recorded = el('p', { id: 'call-recorded', class: 'call-recorded', role: 'status' });
  readonly #mic = el('p', { class: 'call-mic' });
  readonly #mute = el('button', {
    id: 'call-mute',
    class: 'button',
    type: 'button',
    'aria-pressed': 'false',
  });
  readonly #hangUp = el('button', { id: 'call-hang-up', class: 'button hang-up', type: 'button' });
  #view: CallView | undefined;
  #stateKey = 'callOpening';
  #noteKey = '';
  #heldBy = '';
  #consent: { readonly zh: string; readonly en: string } | undefined;
  #muted = false;
  #micOn = false;
  #asked = false;

  constructor(callee: Callee, i18n: I18n, leave: () => void) {
    this.#i18n = i18n;
    this.#liftName = callee.liftName;
    this.#video.srcObject = new MediaStream();
    this.element = el(
      'div',
      { class: 'call-panel' },
      el('div', { class: 'call-head' }, this.#title, this.#state),
      this.#video,
      this.#note,
      this.#recorded,
      el('div', { class: 'call-foot' }, this.#mic, this.#mute, this.#hangUp),
    );
    this.#client = this.#connect(callee);
    this.#mute.addEventListener('click', () => {
      this.#muted = !this.#muted;
      this.#client.mute('audio', this.#muted);
      this.render();
    });
    this.#hangUp.addEventListener('click', () => {
      this.#client.hangUp();
      leave();
    });
    this.render();
  }

  close(): void {
    this.#client.hangUp();
    this.#client.close();
  }

  render(): void {
    const { text } = this.#i18n;
    setText(this.#title, text('callWith', { name: this.#liftName }));
    setText(this.#state, text(this.#stateKey));
    this.#state.dataset.state = this.#view?.state ?? 'idle';
    const recording = this.#view?.state === 'ended' ? undefined : this.#view?.recording;
    setText(this.#recorded, this.#toldOf(recording));
    this.#recorded.dataset.recording = recording ?? 'none';
    const heard = this.#view?.heard !== false;
    const noteKey = this.#noteKey || (heard ? '' : 'callUnheard');
    setText(this.#note, noteKey && text(noteKey, { name: this.#heldBy }));
    setText(
      this.#mic,
      text(this.#micOn ? (this.#muted ? 'micMuted' : heard ? 'micOn' : 'micUnheard') : 'micOff'),
    );
    this.#mic.dataset.on = String(this.#micOn && !this.#muted && heard);
    setText(this.#mute, text(this.#muted ? 'unmute' : 'mute'));
    this.#mute.setAttribute('aria-pressed', String(this.#muted));
    setText(this.#hangUp, text(this.#view?.state === 'ended' ? 'close' : 'hangUp'));
  }

  /** Before and during a call: that it is recorded and for what, or that it is not, or no more, though it should be. */
  #toldOf(recording: CallView['recording']): string {
    const { text, language } = this.#i18n;
    if (recording === 'failed') return text('callNotRecorded');
    const consent = this.#consent?.[language] ?? '';
    return recording === 'on' ? `${text('callRecorded')} ${consent}` : consent;
  }

  #connect({ liftId, incidentId, token }: Callee): CallClient {
    const url = new URL('signal', location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const client = createCallClient(
      { url: url.href, token },
      {
        platform: browserPlatform,
        openMedia: () => openBrowserMedia({ camera: false }),
        store: browserResume(liftId),
      },
    );
    client.on('link', ({ state }) => {
      // Once: a call that has ended is not begun again by a line that comes back.
      if (state === 'up' && !this.#asked) this.#asked = client.start(incidentId);
      if (state === 'refused') this.#noteKey = 'callRefused';
      this.render();
    });
    client.on('call', (view) => {
      this.#view = view;
      this.#stateKey = view.state === 'ended' ? `callEnded.${view.endReason}` : `callState.${view.state}`;
      this.render();
    });
    client.on('consent', (words) => {
      this.#consent = words;
      this.render();
    });
    client.on('refused', ({ code, heldBy }) => {
      this.#heldBy = heldBy?.name ?? '';
      this.#noteKey = code === 'BUSY' ? 'callBusy' : code === 'NO_CABIN' ? 'callNoCabin' : 'callRefused';
      this.render();
    });
    client.on('local', ({ audio }) => {
      this.#micOn = audio !== undefined;
      this.render();
    });
    client.on('error', () => {
      this.#noteKey = 'callNoMicrophone';
      this.render();
    });
    client.on('track', ({ track, role }) => {
      if (role === 'cabin') this.#show(track as unknown as MediaStreamTrack);
    });
    return client;
  }

  /** A connection that was built anew brings new tracks. */
  #show(track: MediaStreamTrack): void {
    const stream = this.#video.srcObject as MediaStream;
    for (const old of stream.getTracks()) if (old.kind === track.kind) stream.removeTrack(old);
    stream.addTrack(track);
    void this.#video.play().catch(() => {});
  }
}

async function tokenFor(liftId: string, incidentId: string): Promise<string> {
  const answer = await fetch(`api/lifts/${encodeURIComponent(liftId)}/call-token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ incidentId }),
  });
  if (!answer.ok) throw new Error(`no token: ${answer.status}`);
  return ((await answer.json()) as { readonly token: string }).token;
}
