import type { Input } from './input.ts';

/**
 * The first packets of an RTSP stream with B-frames carry no times, and a muxer refuses a stream that begins so.
 * They get ticks from 0 up, which is before any real time.
 */
const FILL_IN_TIMES = 'setts=pts=if(eq(PTS\\,NOPTS)\\,20\\,PTS):dts=if(eq(DTS\\,NOPTS)\\,N\\,DTS)';

/**
 * Output options that hand on the camera's own pictures; `filters` are bitstream filters that come first. A file gets no
 * filter that it does not need: ffmpeg ends its filters when a file that is played over and over begins anew.
 */
export function copyVideo({ gaps }: Input, filters: readonly string[] = []): string[] {
  const all = gaps ? [...filters, FILL_IN_TIMES] : filters;
  return ['-map', '0:v:0', '-c:v', 'copy', ...(all.length > 0 ? ['-bsf:v', all.join(',')] : [])];
}
