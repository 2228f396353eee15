export interface SdpMedia {
  readonly kind: 'video' | 'audio' | 'other';
  /** ffmpeg's name where we know one (`h264`, `hevc`, `aac`, `pcm_alaw`, …), else the SDP's in lower case. */
  readonly codec: string;
  readonly clockRate: number | undefined;
  readonly fps: number | undefined;
  /** Relative or absolute address by which the stream is set up. */
  readonly control: string | undefined;
  /** As seen from us, where it says: `sendonly` is sound that the camera wants to be sent. */
  readonly direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive' | undefined;
  /** What the stream may be, by payload type, in the camera's order of preference. */
  readonly formats: readonly SdpFormat[];
}

export interface SdpFormat {
  readonly payloadType: number;
  /** Named like the stream's. */
  readonly codec: string;
  readonly clockRate: number | undefined;
}

const NAMES: Readonly<Record<string, string>> = {
  H264: 'h264',
  H265: 'hevc',
  JPEG: 'mjpeg',
  'MP4V-ES': 'mpeg4',
  'MPEG4-GENERIC': 'aac',
  'MP4A-LATM': 'aac',
  PCMA: 'pcm_alaw',
  PCMU: 'pcm_mulaw',
};

/** Payload types that need no `rtpmap` line (RFC 3551). */
const STATIC_TYPES: Readonly<Record<string, string>> = {
  '0': 'PCMU',
  '8': 'PCMA',
  '14': 'MPA',
  '26': 'JPEG',
};

/** Reads what matters of a session description (RFC 8866): which streams there are, and where. */
export function parseSdp(text: string): SdpMedia[] {
  const sections = text.split(/^(?=m=)/m).slice(1);
  return sections.map((section) => {
    const [, word = '', types = ''] = /^m=(\S+) \S+ \S+ ([^\r\n]+)/.exec(section) ?? [];
    const [type = '', ...others] = types.trim().split(/\s+/);
    const [, name, clock] = /^a=rtpmap:\d+ ([^/\s]+)\/(\d+)/m.exec(section) ?? [];
    const encoding = (name ?? STATIC_TYPES[type] ?? 'unknown').toUpperCase();
    const fps = Number(/^a=(?:x-)?framerate:\s*([\d.]+)/m.exec(section)?.[1]);
    return {
      kind: word === 'video' || word === 'audio' ? word : 'other',
      codec: NAMES[encoding] ?? encoding.toLowerCase(),
      clockRate: clock === undefined ? undefined : Number(clock),
      fps: fps > 0 && fps <= 1000 ? fps : undefined,
      control: /^a=control:\s*(\S+)/m.exec(section)?.[1],
      direction: /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(section)?.[1] as SdpMedia['direction'],
      formats: [type, ...others].map((payloadType) => formatOf(section, payloadType)),
    };
  });
}

function formatOf(section: string, payloadType: string): SdpFormat {
  const line = new RegExp(`^a=rtpmap:${payloadType} ([^/\\s]+)/(\\d+)`, 'm');
  const [, name, clock] = (/^\d+$/.test(payloadType) && line.exec(section)) || [];
  const encoding = (name ?? STATIC_TYPES[payloadType] ?? 'unknown').toUpperCase();
  return {
    payloadType: Number(payloadType),
    codec: NAMES[encoding] ?? encoding.toLowerCase(),
    clockRate: clock === undefined ? undefined : Number(clock),
  };
}
