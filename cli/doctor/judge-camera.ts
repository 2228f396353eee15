import type { CameraReport } from '../../streams/index.ts';
import type { Bilingual, Finding, Level } from './finding.ts';

/** What a camera in a car should send; the figures are explained where each is used. */
const WANTED = Object.freeze({
  /** Networks look at 416 pixels or fewer: what is wider only costs decoding. */
  widestWithoutCost: 1280,
  /** Below this, people are too small for their joints to be found. */
  narrowest: 320,
  slowestFps: 8,
  fastestFps: 25,
  /** Share of the pictures it says it sends that must arrive. */
  arriving: 0.8,
  /** A lost picture is smeared until the next key frame, and live view begins at one. */
  keyFrameMs: 2500,
  keyFrameWorstMs: 5000,
  /** Alarm times are ours, but the time burnt into the picture is evidence too. */
  clockMs: 2000,
  megabits: 6,
});

/** What is good and what should be changed about a camera, in the order in which a person would change it. */
export function judgeCamera(report: CameraReport): Finding[] {
  return [
    judgeCodec(report),
    judgeSize(report),
    judgeFps(report),
    judgeKeyFrames(report),
    judgeBFrames(report),
    judgeBandwidth(report),
    judgeClock(report),
    sound(report),
    talkBack(report),
  ];
}

function finding(id: string, level: Level, text: Bilingual, remedy?: Bilingual): Finding {
  return { id: `camera-${id}`, level, text, ...(remedy && { remedy }) };
}

function judgeCodec({ codec, profile, where }: CameraReport): Finding {
  const name = NAMES[codec] ?? codec;
  const what = profile ? `${name} ${profile}` : name;
  const text = { en: `the camera ${where} sends ${what}`, zh: `摄像头 ${where} 发送 ${what}` };
  if (codec === 'h264') return finding('codec', 'ok', text);
  const change = {
    en: 'Set its second stream to H.264, main or baseline profile.',
    zh: '请将其子码流设为 H.264（Main 或 Baseline）。',
  };
  if (codec === 'hevc') {
    return finding('codec', 'note', text, {
      en: `Works, but live view is transcoded, which takes a core for each camera that is watched. ${change.en}`,
      zh: `可以使用，但实时观看需要转码，每路被观看的摄像头约占一个 CPU 核。${change.zh}`,
    });
  }
  return finding('codec', 'change', text, change);
}

const NAMES: Readonly<Record<string, string>> = Object.freeze({
  h264: 'H.264',
  hevc: 'H.265',
  mjpeg: 'Motion JPEG',
});

function judgeSize({ width, height }: CameraReport): Finding {
  const text = { en: `pictures of ${width}×${height}`, zh: `画面尺寸 ${width}×${height}` };
  if (width < WANTED.narrowest) {
    return finding('size', 'change', text, {
      en: 'Too small to see how people hold themselves: set 640×360.',
      zh: '画面太小，无法辨认人的姿态：请设为 640×360。',
    });
  }
  if (width <= WANTED.widestWithoutCost) return finding('size', 'ok', text);
  return finding('size', 'note', text, {
    en: 'Larger than is looked at; decoding it takes several times the CPU. Use the camera’s second stream, 640×360.',
    zh: '大于分析所需，解码要多耗数倍 CPU。请改用子码流，640×360。',
  });
}

function judgeFps({ fpsNominal, fpsMeasured }: CameraReport): Finding {
  const got = fpsMeasured.toFixed(1);
  const said = fpsNominal === undefined ? undefined : Number(fpsNominal.toFixed(1));
  const text = {
    en: `${got} pictures a second${said === undefined ? '' : ` (it says ${said})`}`,
    zh: `实际每秒 ${got} 帧${said === undefined ? '' : `（标称 ${said}）`}`,
  };
  if (fpsNominal !== undefined && fpsMeasured < fpsNominal * WANTED.arriving) {
    return finding('fps', 'change', text, {
      en: 'Fewer arrive than it says: its network is too slow or it is overloaded. Lower its bit rate, or fewer viewers.',
      zh: '实际帧数低于标称：网络过慢或摄像头过载。请降低码率，或减少同时观看的客户端。',
    });
  }
  if (fpsMeasured < WANTED.slowestFps) {
    return finding('fps', 'change', text, {
      en: 'Too few to see somebody fall: set 15.',
      zh: '帧率过低，难以看清跌倒过程：请设为 15。',
    });
  }
  if (fpsMeasured <= WANTED.fastestFps) return finding('fps', 'ok', text);
  return finding('fps', 'note', text, {
    en: 'More than is looked at; 15 takes less CPU and bandwidth.',
    zh: '高于分析所需；设为 15 可节省 CPU 和带宽。',
  });
}

function judgeKeyFrames({ keyFrameIntervalMs: interval }: CameraReport): Finding {
  const remedy = {
    en: 'Set a key frame (I frame) every 1 to 2 seconds: the picture recovers only there, and live view begins there.',
    zh: '请将关键帧（I 帧）间隔设为 1–2 秒：画面只能在关键帧处恢复，实时观看也从关键帧开始。',
  };
  if (interval === undefined) {
    const text = { en: 'key frames are more than a few seconds apart', zh: '关键帧间隔超过数秒' };
    return finding('key-frames', 'change', text, remedy);
  }
  const seconds = (interval / 1000).toFixed(1);
  const text = { en: `a key frame every ${seconds} s`, zh: `每 ${seconds} 秒一个关键帧` };
  if (interval <= WANTED.keyFrameMs) return finding('key-frames', 'ok', text);
  return finding('key-frames', interval > WANTED.keyFrameWorstMs ? 'change' : 'note', text, remedy);
}

function judgeBFrames({ bFrames }: CameraReport): Finding {
  if (!bFrames) return finding('b-frames', 'ok', { en: 'no B-frames', zh: '无 B 帧' });
  return finding(
    'b-frames',
    'note',
    { en: 'B-frames are in use', zh: '使用了 B 帧' },
    {
      en: 'Works, but each picture comes later, and WebRTC cannot carry it. Switch B-frames (or “smart codec”) off.',
      zh: '可以使用，但每帧会延迟，且无法用于 WebRTC。请关闭 B 帧（或“智能编码”）。',
    },
  );
}

function judgeBandwidth({ bitsPerSecond }: CameraReport): Finding {
  const megabits = bitsPerSecond / 1e6;
  const shown =
    megabits < 1 ? `${(bitsPerSecond / 1000).toFixed(0)} kbit/s` : `${megabits.toFixed(1)} Mbit/s`;
  const text = { en: `${shown} of bandwidth`, zh: `带宽 ${shown}` };
  if (megabits <= WANTED.megabits) return finding('bandwidth', 'ok', text);
  return finding('bandwidth', 'note', text, {
    en: 'High for this purpose: 1 Mbit/s is enough for 640×360 at 15 fps.',
    zh: '码率偏高：640×360、15 帧/秒时 1 Mbit/s 已足够。',
  });
}

function judgeClock({ clockOffsetMs: offset }: CameraReport): Finding {
  if (offset === undefined) {
    return finding('clock', 'note', { en: 'the camera does not tell its time', zh: '摄像头未提供其时间' });
  }
  const seconds = Math.abs(offset / 1000).toFixed(1);
  if (Math.abs(offset) <= WANTED.clockMs) {
    return finding('clock', 'ok', {
      en: `its clock agrees with ours to ${seconds} s`,
      zh: `摄像头时钟与本机相差 ${seconds} 秒以内`,
    });
  }
  const [en, zh] = offset > 0 ? ['ahead of', '快'] : ['behind', '慢'];
  return finding(
    'clock',
    'change',
    { en: `its clock is ${seconds} s ${en} ours`, zh: `摄像头时钟比本机${zh} ${seconds} 秒` },
    {
      en: 'Set the same NTP server in the camera and on this machine: the time in the picture is evidence.',
      zh: '请让摄像头与本机使用同一 NTP 服务器：画面上的时间是证据。',
    },
  );
}

function sound({ audio }: CameraReport): Finding {
  if (!audio) return finding('sound', 'ok', { en: 'no sound', zh: '无声音' });
  return finding('sound', 'ok', { en: `sound: ${audio.codec}`, zh: `声音：${audio.codec}` });
}

function talkBack({ talkback }: CameraReport): Finding {
  if (talkback?.kind === 'g711') {
    const { law, rate } = talkback.backchannel;
    const what = `G.711 ${law === 'pcm_alaw' ? 'A' : 'µ'}-law, ${rate / 1000} kHz`;
    return finding('talkback', 'ok', {
      en: `operators can be heard through it (${what})`,
      zh: `接警人员的声音可由其扬声器播出（${what}）`,
    });
  }
  const remedy = {
    en:
      'People in the car cannot hear an operator: give the cabin a screen, a camera with ONVIF two-way audio, or keep to its phone line. ' +
      'Some cameras must be told (two-way audio on; Dahua: add &unicast=true&proto=Onvif to the address; a user who may speak).',
    zh:
      '轿厢内听不到接警人员：请加装轿厢屏、更换支持 ONVIF 双向音频的摄像头，或使用五方对讲。' +
      '部分摄像头需先设置（启用双向音频；大华在地址后加 &unicast=true&proto=Onvif；账号需有对讲权限）。',
  };
  if (talkback?.kind === 'foreign') {
    const codecs = talkback.codecs.join(', ');
    return finding(
      'talkback',
      'note',
      { en: `its loudspeaker takes only ${codecs}`, zh: `其扬声器只接受 ${codecs}` },
      {
        en: 'Set its two-way audio to G.711 (PCMA or PCMU), so that operators are heard in the car.',
        zh: '请将其双向音频编码设为 G.711（PCMA 或 PCMU），轿厢内才能听到接警人员。',
      },
    );
  }
  const text = { en: 'no loudspeaker that can be spoken to', zh: '没有可对讲的扬声器' };
  return finding('talkback', 'note', text, remedy);
}
