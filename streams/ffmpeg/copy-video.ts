/**
 * The first packets of an RTSP stream with B-frames carry no times, and a muxer refuses a stream that begins so.
 * They get ticks from 0 up, which is before any real time.
 */
const FILL_IN_TIMES = 'setts=pts=if(eq(PTS\\,NOPTS)\\,20\\,PTS):dts=if(eq(DTS\\,NOPTS)\\,N\\,DTS)';

/** Output options that hand on the camera's own pictures; `filters` are bitstream filters that come first. */
export function copyVideo(filters: readonly string[] = []): string[] {
  return ['-map', '0:v:0', '-c:v', 'copy', '-bsf:v', [...filters, FILL_IN_TIMES].join(',')];
}
