import { Value } from 'typebox/value';
import { CabinwatchError } from '../../core/index.ts';
import type { MediaServer } from '../media-server/media-server.ts';
import { CameraOptions } from '../options.ts';
import { fileOrigin, type Origin, originOfUrl, pushOrigin } from './origin.ts';

export type CameraSettings = Partial<CameraOptions> & {
  /** Letters, digits, `-` and `_`; part of addresses. */
  readonly cameraId: string;
  readonly liftId: string;
};

/**
 * A camera's options with their defaults.
 * @throws CabinwatchError CONFIG_INVALID with every wrong key; values are not repeated, since one may be a password
 */
export function cameraOptions({ cameraId, liftId: _, ...given }: CameraSettings): CameraOptions {
  const options = Value.Default(CameraOptions, structuredClone(given));
  const errors = [...Value.Errors(CameraOptions, options)];
  if (errors.length > 0) {
    const lines = errors.map((e) => `${e.instancePath.slice(1) || 'it'} ${e.message}`);
    throw new CabinwatchError(
      'CONFIG_INVALID',
      `The camera ${cameraId} is set up wrongly: ${lines.join('; ')}.`,
    );
  }
  return options as CameraOptions;
}

/** @throws CabinwatchError CONFIG_INVALID unless exactly one origin is named, and can be used */
export function originOf(cameraId: string, options: CameraOptions, media: MediaServer | undefined): Origin {
  const { url, publishKey, file, transport } = options;
  const given = [url, publishKey, file].filter((value) => value !== undefined);
  if (given.length !== 1) {
    throw new CabinwatchError(
      'CONFIG_INVALID',
      `The camera ${cameraId} needs exactly one of url, publishKey and file.`,
    );
  }
  if (url !== undefined) return originOfUrl(url, transport);
  if (file !== undefined) return fileOrigin(file);
  if (!media) {
    throw new CabinwatchError(
      'CONFIG_INVALID',
      `The camera ${cameraId} pushes, which needs the media server.`,
    );
  }
  return pushOrigin(media, cameraId);
}
