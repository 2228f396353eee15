export { assembleNetwork } from './assemble.ts';
export {
  type BuildOptions,
  type BuildProgress,
  type BuiltModel,
  buildModels,
  modelFiles,
} from './build.ts';
export { type CatalogueEntry, knownModels, loadManifest } from './catalogue.ts';
export { COCO_LABELS } from './labels.ts';
export { type ListedModel, listModels } from './list.ts';
export { type Manifest, ManifestSchema } from './manifest.ts';
export { readNetwork } from './network.ts';
export { type ParsedManifest, parseManifest } from './parse-manifest.ts';
export { verifiedSource } from './source-files.ts';
