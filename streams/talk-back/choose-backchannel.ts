import type { SdpMedia } from '../rtsp/sdp.ts';
import type { G711Law } from './g711.ts';

/** How a camera's loudspeaker is spoken to. */
export interface Backchannel {
  readonly law: G711Law;
  /** Samples per second. */
  readonly rate: number;
  readonly payloadType: number;
  readonly control: string;
}

/**
 * `none`: the camera has no loudspeaker, or not for this user or stream; `foreign`: it has, but takes no G.711, which every camera with
 * ONVIF's profile T must.
 */
export type BackchannelOffer =
  | { readonly kind: 'g711'; readonly backchannel: Backchannel }
  | { readonly kind: 'foreign'; readonly codecs: readonly string[] }
  | { readonly kind: 'none' };

/** Of what a camera offers to be sent (`sendonly`: seen from us; ONVIF Streaming Specification 5.3), 8 kHz and A-law first. */
export function chooseBackchannel(media: readonly SdpMedia[]): BackchannelOffer {
  const offered = media
    .filter(({ kind, direction }) => kind === 'audio' && direction === 'sendonly')
    .flatMap(({ formats, control = '' }) => formats.map((format) => ({ ...format, control })));
  const [best] = offered
    .flatMap<Backchannel>(({ codec, clockRate: rate = 8000, payloadType, control }) =>
      codec === 'pcm_alaw' || codec === 'pcm_mulaw' ? [{ law: codec, rate, payloadType, control }] : [],
    )
    .sort((a, b) => a.rate - b.rate || a.law.localeCompare(b.law));
  if (best) return { kind: 'g711', backchannel: best };
  if (offered.length === 0) return { kind: 'none' };
  return { kind: 'foreign', codecs: [...new Set(offered.map(({ codec }) => codec))] };
}
