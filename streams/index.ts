export { type FfmpegVersion, ffmpegVersion, MINIMUM_FFMPEG_MAJOR } from './ffmpeg/locate.ts';
export type { AudioInfo, MediaInfo, VideoInfo } from './ffmpeg/media-info.ts';
export { DEFAULT_WIDTH, inferenceSize, type PictureSize } from './ffmpeg/size.ts';
export { createFileSource, type FileSource, type FileSourceOptions } from './file/file-source.ts';
export { inspectFile, type VideoFile } from './file/inspect-file.ts';
export { createVideoWriter, type VideoWriter, type VideoWriterOptions } from './file/video-writer.ts';
export { CameraOptions, ClipOptions, MediaOptions } from './options.ts';
