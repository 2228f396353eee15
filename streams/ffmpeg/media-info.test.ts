import { describe, expect, it } from 'vitest';
import { parseProbe } from './media-info.ts';

const video = { codec_type: 'video', codec_name: 'h264', width: 640, height: 360, avg_frame_rate: '15/1' };
const read = (...streams: object[]) =>
  parseProbe(JSON.stringify({ streams, format: { format_name: 'mov' } }));

describe('parseProbe', () => {
  it('knows nothing of no streams, of no JSON, and of text drawn as pictures', () => {
    expect(parseProbe('')).toBeUndefined();
    expect(parseProbe('{}')).toBeUndefined();
    expect(read({ ...video, codec_name: 'ansi' })).toBeUndefined();
  });

  it('passes over cover art', () => {
    expect(
      read({ ...video, disposition: { attached_pic: 1 } }, { codec_type: 'audio', codec_name: 'mp3' }),
    ).toMatchObject({
      video: undefined,
      audio: { codec: 'mp3' },
    });
  });

  it('passes over sound that is only announced', () => {
    expect(read(video, { codec_type: 'audio' })?.audio).toBeUndefined();
  });

  it.each([[-90], [90], [270]])('turns a picture by %i degrees', (rotation) => {
    expect(read({ ...video, side_data_list: [{ rotation }] })?.video).toMatchObject({
      width: 360,
      height: 640,
    });
  });

  it('leaves a picture as it is that stands on its head', () => {
    expect(read({ ...video, side_data_list: [{ rotation: 180 }] })?.video).toMatchObject({
      width: 640,
      height: 360,
    });
  });

  it('does not take a time base for a rate', () => {
    expect(read({ ...video, avg_frame_rate: '0/0', r_frame_rate: '90000/1' })?.video?.fps).toBeUndefined();
  });

  it('reads the length Matroska writes as a tag', () => {
    expect(read({ ...video, tags: { DURATION: '00:01:02.500000000' } })?.video?.durationMs).toBe(62_500);
  });
});
