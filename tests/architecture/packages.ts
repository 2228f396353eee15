import { isTest, TOOLS } from './layers.ts';
import type { SourceImport } from './source-imports.ts';

interface PackageRule {
  readonly name: RegExp;
  /** The only places that may load it. Files of tests, bench/ and scripts/ are free. */
  readonly adapters: RegExp;
  /** It holds native code or is large: load it with `import()`, when it is needed. */
  readonly lazy: boolean;
}

/** Packages that only their adapter may touch, so that exchanging one stays the matter of one file. */
export const PACKAGE_RULES: readonly PackageRule[] = Object.freeze([
  { name: /^onnxruntime-node$/, adapters: /^inference\/runtime\//, lazy: true },
  { name: /^@tensorflow\//, adapters: /^models\//, lazy: true },
  { name: /^sharp$/, adapters: /^(streams|datasets|app|simulator)\//, lazy: true },
  { name: /^@roamhq\/wrtc$/, adapters: /^signaling\//, lazy: true },
  { name: /^aedes$/, adapters: /^controllers\/mqtt\//, lazy: true },
  {
    name: /^mqtt$/,
    adapters: /^(controllers\/mqtt|simulator\/controller|incidents\/dispatch)\//,
    lazy: true,
  },
  { name: /^(bullmq|ioredis)$/, adapters: /^incidents\/dispatch\//, lazy: true },
  { name: /^(@electric-sql\/pglite|pg)$/, adapters: /^storage\//, lazy: true },
  { name: /^@node-rs\/argon2$/, adapters: /^api\/auth\//, lazy: true },
  { name: /^fluent-ffmpeg$/, adapters: /^streams\//, lazy: false },
]);

export function packageBreach(file: string, found: SourceImport): string | undefined {
  const rule = PACKAGE_RULES.find(({ name }) => name.test(found.specifier));
  if (!rule || found.typeOnly || isTest(file) || TOOLS.includes(file.split('/')[0] ?? '')) return undefined;
  if (!rule.adapters.test(file))
    return `${found.specifier} may be imported only in its adapter (${rule.adapters.source})`;
  if (rule.lazy && !found.dynamic)
    return `${found.specifier} must be loaded with import(), not when the file is`;
  return undefined;
}
