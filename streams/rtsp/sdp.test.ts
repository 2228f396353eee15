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
  const [video, audio, data, ...rest] = parseSdp(SDP);
  expect(video).toMatchObject({
    kind: 'video',
    codec: 'hevc',
    clockRate: 90000,
    fps: 12.5,
    control: 'trackID=1',
  });
  expect(audio).toMatchObject({ kind: 'audio', codec: 'pcm_alaw', control: 'trackID=2' });
  expect(data).toMatchObject({ kind: 'other', codec: 'vnd.onvif.metadata', clockRate: 90000 });
  expect(rest).toEqual([]);
});

it('reads what may be sent to the camera, and as what', () => {
  const [audio] = parseSdp(
    [
      'v=0',
      'm=audio 0 RTP/AVP 97 0 8 x',
      'a=rtpmap:97 MPEG4-GENERIC/16000/1',
      'a=rtpmap:8 PCMA/8000',
      'a=sendonly',
      'a=control:rtsp://10.0.0.5/audioback',
    ].join('\r\n'),
  );
  expect(audio).toMatchObject({ direction: 'sendonly', control: 'rtsp://10.0.0.5/audioback' });
  expect(audio?.formats).toEqual([
    { payloadType: 97, codec: 'aac', clockRate: 16000 },
    { payloadType: 0, codec: 'pcm_mulaw', clockRate: undefined },
    { payloadType: 8, codec: 'pcm_alaw', clockRate: 8000 },
    { payloadType: Number.NaN, codec: 'unknown', clockRate: undefined },
  ]);
});

it('finds no streams in what is no SDP', () => {
  expect(parseSdp('<html>not found</html>')).toEqual([]);
});
