import type { Finding } from './finding.ts';

/** What package.json asks for. */
const MINIMUM = [20, 19] as const;
/** Node 20 is at the end of its support; the current LTS is what the image ships. */
const RECOMMENDED_MAJOR = 24;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const facts = { version };
  if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])) {
    return {
      id: 'node',
      level: 'change',
      text: { en: `Node ${version} is too old.`, zh: `Node ${version} 版本过旧。` },
      remedy: {
        en: `Install Node ${RECOMMENDED_MAJOR} LTS (at least ${MINIMUM.join('.')}) from nodejs.org or your package manager.`,
        zh: `请从 nodejs.org 或系统软件源安装 Node ${RECOMMENDED_MAJOR} LTS（最低 ${MINIMUM.join('.')}）。`,
      },
      facts,
    };
  }
  if (major < RECOMMENDED_MAJOR) {
    return {
      id: 'node',
      level: 'ok',
      text: {
        en: `Node ${version} (new enough; ${RECOMMENDED_MAJOR} LTS is supported for longer)`,
        zh: `Node ${version}（可用；${RECOMMENDED_MAJOR} LTS 的支持期更长）`,
      },
      facts,
    };
  }
  return { id: 'node', level: 'ok', text: { en: `Node ${version}`, zh: `Node ${version}` }, facts };
}
