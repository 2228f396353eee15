import { stat } from 'node:fs/promises';
import { modelFiles } from './built-model.ts';
import { knownModels, loadManifest } from './catalogue.ts';

export interface ListedModel {
  readonly id: string;
  readonly title: string;
  readonly task: 'detect' | 'pose';
  readonly family: string;
  readonly licence: string;
  readonly upstream: string;
  readonly inputSize: string;
  /** Bytes of the built file; undefined where it has not been built. */
  readonly builtBytes: number | undefined;
}

/** The models of the project, and which of them are built in `modelsDir`. */
export async function listModels(modelsDir: string): Promise<ListedModel[]> {
  const ids = await knownModels();
  return Promise.all(
    ids.map(async (id) => {
      const { manifest } = await loadManifest(id);
      const built = await stat(modelFiles(modelsDir, id).model).catch(() => undefined);
      return {
        id,
        title: manifest.title,
        task: manifest.task,
        family: manifest.family,
        licence: manifest.upstream.licence,
        upstream: manifest.upstream.url,
        inputSize: `${manifest.input.size.width}x${manifest.input.size.height}`,
        builtBytes: built?.size,
      };
    }),
  );
}
