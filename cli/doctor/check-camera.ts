import { CabinwatchError, type ErrorCode } from '../../core/index.ts';
import { inspectCamera } from '../../streams/index.ts';
import type { Bilingual, Finding } from './finding.ts';
import { judgeCamera } from './judge-camera.ts';

/**
 * Looks at one camera for some seconds.
 * @throws CabinwatchError CONFIG_INVALID for an address that is none
 */
export async function checkCamera(url: string, signal?: AbortSignal): Promise<Finding[]> {
  try {
    const report = await inspectCamera(url, signal ? { signal } : {});
    const [first, ...rest] = judgeCamera(report);
    return first ? [{ ...first, facts: factsOf(report) }, ...rest] : [];
  } catch (error) {
    const remedy = error instanceof CabinwatchError ? REMEDIES[error.code] : undefined;
    if (!remedy) throw error;
    const { message, code } = error as CabinwatchError;
    const text = { en: `The camera gives no picture: ${message}.`, zh: `摄像头没有画面：${message}。` };
    return [{ id: 'camera', level: 'change', text, remedy, facts: { code } }];
  }
}

function factsOf(report: Awaited<ReturnType<typeof inspectCamera>>): NonNullable<Finding['facts']> {
  const { audio, talkback, ...plain } = report;
  return { ...plain, audio: audio?.codec, talkback: talkback?.kind };
}

const REMEDIES: Partial<Record<ErrorCode, Bilingual>> = Object.freeze({
  CAMERA_UNREACHABLE: {
    en: 'Check its address and port, that it has power, and that no firewall is in between (RTSP: TCP port 554).',
    zh: '请检查地址和端口、摄像头供电，以及中间是否有防火墙（RTSP：TCP 554 端口）。',
  },
  CAMERA_UNAUTHORIZED: {
    en: 'Check user name and password; in the address, write @ as %40, / as %2F, # as %23. Some cameras lock out after wrong tries.',
    zh: '请检查用户名和密码；写入地址时 @ 写作 %40，/ 写作 %2F，# 写作 %23。部分摄像头多次输错后会锁定。',
  },
  CAMERA_NOT_FOUND: {
    en: 'The path after the host is not one of its streams: look it up in its manual (often /stream2, /h264/ch1/sub, /Streaming/Channels/102).',
    zh: '主机后的路径不是它的码流：请查阅说明书（常见 /stream2、/h264/ch1/sub、/Streaming/Channels/102）。',
  },
  CAMERA_NO_VIDEO: {
    en: 'It gives nothing: too many viewers, this stream is switched off in the camera, or it is still starting.',
    zh: '摄像头不发送画面：可能连接数已满、该码流未启用，或摄像头仍在启动。',
  },
  CAMERA_UNSUPPORTED: {
    en: 'Set its second stream to H.264.',
    zh: '请将其子码流设为 H.264。',
  },
});
