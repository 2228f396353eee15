import { expect, it } from 'vitest';
import { parseSdp } from './sdp.ts';

const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 0.0.0.0',
  's=Media Presentation',
  't=0 0',
  'a=control:rtsp://10.0.0.5/live/',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H265/90000',
  'a=x-dimensions:1920,1080',
  'a=framerate:12.5',
  'a=control:trackID=1',
  'm=audio 0 RTP/AVP 8',
  'a=control:trackID=2',
  'm=application 0 RTP/AVP 107',
  'a=rtpmap:107 vnd.onvif.metadata/90000',
  '',
].join('\r\n');

it('reads which streams a camera has', () => {
  expect(parseSdp(SDP)).toEqual([
    { kind: 'video', codec: 'hevc', clockRate: 90000, fps: 12.5, control: 'trackID=1' },
    { kind: 'audio', codec: 'pcm_alaw', clockRate: undefined, fps: undefined, control: 'trackID=2' },
    { kind: 'other', codec: 'vnd.onvif.metadata', clockRate: 90000, fps: undefined, control: undefined },
  ]);
});

it('finds no streams in what is no SDP', () => {
  expect(parseSdp('<html>not found</html>')).toEqual([]);
});
