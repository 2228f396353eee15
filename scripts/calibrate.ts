// Measures between what values a network's feature maps lie, for models that compute in 8 bits.
// Run: npx tsx scripts/calibrate.ts <model> "<what pictures>" <video or picture>...
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import ort from 'onnxruntime-node';
import {
  type Calibration,
  calibrationProbe,
  loadManifest,
  type ParsedManifest,
  type Picture,
  readNetwork,
  referenceInput,
  verifiedSource,
} from '../models/index.ts';

const PICTURES_A_FILE = 12;
const SECONDS_BETWEEN = 1.5;

/** Pictures of a file as ffmpeg gives them in its simplest format, PPM: "P6 width height 255" and the bytes. */
async function pictures(file: string): Promise<Picture[]> {
  const filter = `fps=1/${SECONDS_BETWEEN},scale='min(640,iw)':-2`;
  const args = ['-v', 'error', '-i', file, '-vf', filter, '-frames:v', String(PICTURES_A_FILE)];
  const ffmpeg = spawn('ffmpeg', [...args, '-f', 'image2pipe', '-c:v', 'ppm', '-'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  for await (const chunk of ffmpeg.stdout) chunks.push(chunk as Buffer);
  const found = parsePpm(Buffer.concat(chunks));
  if (found.length === 0) throw new Error(`${file} gave no picture`);
  return found;
}

function parsePpm(bytes: Buffer): Picture[] {
  const found: Picture[] = [];
  let at = 0;
  while (at < bytes.length) {
    const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.toString('latin1', at, at + 32));
    if (!header) throw new Error('ffmpeg gave something that is not PPM');
    const [width, height] = [Number(header[1]), Number(header[2])];
    const from = at + header[0].length;
    at = from + width * height * 3;
    found.push({ width, height, data: bytes.subarray(from, at) });
  }
  return found;
}

/** The size the built graph would give the network for this picture. */
function networkSize({ input }: ParsedManifest, picture: Picture): [number, number] {
  if (input.padTo === 'size') return [input.size.width, input.size.height];
  const scale = Math.min(input.size.width / picture.width, input.size.height / picture.height);
  const up = (side: number): number => Math.ceil(Math.round(side * scale) / input.stride) * input.stride;
  return [up(picture.width), up(picture.height)];
}

const short = (value: number): number => Number(value.toPrecision(4));

async function main([model, described, ...files]: readonly string[]): Promise<void> {
  if (!model || !described || files.length === 0) {
    throw new Error('Usage: npx tsx scripts/calibrate.ts <model> "<what pictures>" <video or picture>...');
  }
  const { manifest, file } = await loadManifest(model);
  const network = await readNetwork(manifest, await verifiedSource({ manifest, file }));
  const probe = calibrationProbe(manifest, network);
  const session = await ort.InferenceSession.create(probe.model, {
    graphOptimizationLevel: 'disabled', // what is folded away cannot be measured
    logSeverityLevel: 3,
  });
  const ranges = new Map<string, [number, number]>();
  const widen = (name: string, data: ArrayLike<number>): void => {
    const range = ranges.get(name) ?? [0, 0];
    for (let i = 0; i < data.length; i++) {
      const value = data[i] as number;
      if (value < range[0]) range[0] = value;
      else if (value > range[1]) range[1] = value;
    }
    ranges.set(name, range);
  };
  let count = 0;
  for (const source of files) {
    for (const picture of await pictures(source)) {
      const { tensor } = referenceInput(manifest, picture, ...networkSize(manifest, picture));
      const feed = new ort.Tensor(tensor.type, tensor.data as never, [...tensor.dims]);
      const outputs = await session.run({ input: feed });
      for (const name of probe.tensors) {
        widen(name, name === 'input' ? tensor.data : (outputs[name]?.data as Float32Array));
      }
      count += 1;
      process.stderr.write(`\r${count} pictures `);
    }
  }
  const calibration: Calibration = {
    network: probe.network,
    pictures: `${count} of ${described}`,
    ranges: Object.fromEntries([...ranges].map(([name, [low, high]]) => [name, [short(low), short(high)]])),
  };
  const out = `models/calibrations/${model}.json`;
  // A range a line keeps the file readable and its changes visible.
  const lines = Object.entries(calibration.ranges).map(
    ([name, range]) => `    "${name}": [${range.join(', ')}]`,
  );
  const { network: hash, pictures: what } = calibration;
  await writeFile(
    out,
    `{\n  "network": "${hash}",\n  "pictures": ${JSON.stringify(what)},\n  "ranges": {\n${lines.join(',\n')}\n  }\n}\n`,
  );
  console.error(`\n${out}: ${ranges.size} feature maps`);
}

await main(process.argv.slice(2));
