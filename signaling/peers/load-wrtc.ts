import { CabinwatchError } from '../../core/index.ts';

type Wrtc = typeof import('@roamhq/wrtc');

/** @throws CabinwatchError DEPENDENCY_MISSING where the package has no build for this machine */
export async function loadWrtc(): Promise<Wrtc> {
  try {
    const loaded = await import('@roamhq/wrtc');
    return (loaded as unknown as { readonly default: Wrtc }).default;
  } catch (cause) {
    throw new CabinwatchError(
      'DEPENDENCY_MISSING',
      'Calls to cabins without a terminal need the package @roamhq/wrtc, which cannot be loaded here. Run npm install on a ' +
        'system it is built for (Linux with glibc, macOS or Windows), or give the cabin a terminal.',
      { cause },
    );
  }
}
