import ffmpeg from 'fluent-ffmpeg';

/** One `-i`, with the options that stand before it. */
export interface InputSpec {
  readonly target: string;
  readonly options: readonly string[];
}

/** One output, with the options that stand before it. */
export interface OutputSpec {
  readonly target: string;
  readonly options: readonly string[];
}

export interface CommandSpec {
  readonly input: InputSpec;
  /** Read together with the first. */
  readonly moreInputs?: readonly InputSpec[];
  readonly outputs: readonly OutputSpec[];
}

/**
 * The command line of one ffmpeg. Only the line is fluent-ffmpeg's: we start the process ourselves, since its own
 * `run()` offers no further pipes, no way to hand the input's address over standard input, and probes the
 * program's encoders before each start. Nothing secret may be in `spec`: any user of the machine can read it.
 */
export function ffmpegArguments(spec: CommandSpec): string[] {
  const command = ffmpeg(spec.input.target);
  // Several arguments, not an array: only then are options with spaces in them left in one piece.
  command.inputOptions('-hide_banner', '-nostdin', ...spec.input.options);
  for (const { target, options } of spec.moreInputs ?? []) command.input(target).inputOptions(...options);
  for (const output of spec.outputs) command.output(output.target).outputOptions('-y', ...output.options);
  return (command as unknown as { _getArguments(): string[] })._getArguments();
}
