import { expect, it } from 'vitest';
import { parseSdp } from '../rtsp/sdp.ts';
import { chooseBackchannel } from './choose-backchannel.ts';

const VIDEO = 'm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=recvonly\r\na=control:v\r\n';
const MICROPHONE = 'm=audio 0 RTP/AVP 8\r\na=recvonly\r\na=control:mic\r\n';
const offer = (...sections: string[]) => chooseBackchannel(parseSdp(`v=0\r\n${sections.join('')}`));

it('takes what the camera wants to be sent, and not its microphone', () => {
  const speaker = 'm=audio 0 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendonly\r\na=control:back\r\n';
  expect(offer(VIDEO, MICROPHONE, speaker)).toEqual({
    kind: 'g711',
    backchannel: { law: 'pcm_mulaw', rate: 8000, payloadType: 0, control: 'back' },
  });
  expect(offer(VIDEO, MICROPHONE)).toEqual({ kind: 'none' });
});

it('prefers 8 kHz and the A-law, within one stream and among several', () => {
  const aac = 'm=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/16000\r\na=sendonly\r\na=control:aac\r\n';
  const wide = 'm=audio 0 RTP/AVP 98\r\na=rtpmap:98 PCMA/16000\r\na=sendonly\r\na=control:wide\r\n';
  const both = 'm=audio 0 RTP/AVP 97 0 8\r\na=rtpmap:97 G726-16/8000\r\na=sendonly\r\na=control:both\r\n';
  expect(offer(VIDEO, aac, wide, both)).toMatchObject({
    backchannel: { law: 'pcm_alaw', rate: 8000, payloadType: 8, control: 'both' },
  });
  expect(offer(VIDEO, aac, wide)).toMatchObject({ backchannel: { rate: 16_000, payloadType: 98 } });
  expect(offer(VIDEO, aac)).toEqual({ kind: 'foreign', codecs: ['aac'] });
});
