import type { SceneView, TrackView } from '../../api/index.ts';

/** Joints that a line joins, by their place in the 17 COCO keypoints. */
const LIMBS: readonly (readonly [number, number])[] = [
  [5, 6],
  [5, 7],
  [7, 9],
  [6, 8],
  [8, 10],
  [5, 11],
  [6, 12],
  [11, 12],
  [11, 13],
  [13, 15],
  [12, 14],
  [14, 16],
];
const JOINT_SCORE = 0.25;
const PERSON = '#7fd4c1';
const OBJECT = '#f0b35e';

/** Draws boxes, poses and ids over a picture of the same aspect that fills `canvas` (object-fit: contain). */
export function drawScene(canvas: HTMLCanvasElement, scene: SceneView | undefined): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const scale = Math.min(2, window.devicePixelRatio || 1);
  const { clientWidth, clientHeight } = canvas;
  canvas.width = Math.round(clientWidth * scale);
  canvas.height = Math.round(clientHeight * scale);
  if (!scene || clientWidth === 0) return;
  context.scale(scale, scale);
  const width = Math.min(clientWidth, clientHeight * scene.aspect);
  const height = width / scene.aspect;
  context.translate((clientWidth - width) / 2, (clientHeight - height) / 2);
  for (const track of scene.objects) drawTrack(context, track, OBJECT, width, height);
  for (const track of scene.people) drawTrack(context, track, PERSON, width, height);
}

function drawTrack(
  context: CanvasRenderingContext2D,
  track: TrackView,
  colour: string,
  width: number,
  height: number,
): void {
  if (track.state === 'lost') return;
  const [x1, y1, x2, y2] = track.box;
  const [x, y, w, h] = [x1 * width, y1 * height, (x2 - x1) * width, (y2 - y1) * height];
  context.globalAlpha = track.state === 'confirmed' ? 1 : 0.6;
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.setLineDash(track.state === 'confirmed' ? [] : [5, 4]);
  context.beginPath();
  context.roundRect(x, y, w, h, 5);
  context.stroke();
  context.setLineDash([]);
  if (track.pose) drawPose(context, track.pose, colour, width, height);
  drawLabel(context, `${track.id}`, colour, x, y);
  context.globalAlpha = 1;
}

function drawPose(
  context: CanvasRenderingContext2D,
  pose: readonly number[],
  colour: string,
  width: number,
  height: number,
): void {
  const joint = (i: number): [number, number] | undefined =>
    (pose[i * 3 + 2] ?? 0) >= JOINT_SCORE
      ? [(pose[i * 3] ?? 0) * width, (pose[i * 3 + 1] ?? 0) * height]
      : undefined;
  context.beginPath();
  for (const [a, b] of LIMBS) {
    const [from, to] = [joint(a), joint(b)];
    if (!from || !to) continue;
    context.moveTo(...from);
    context.lineTo(...to);
  }
  context.lineWidth = 3.5;
  context.strokeStyle = 'rgb(8 12 16 / 0.45)';
  context.stroke();
  context.lineWidth = 1.75;
  context.strokeStyle = colour;
  context.stroke();
}

function drawLabel(
  context: CanvasRenderingContext2D,
  text: string,
  colour: string,
  x: number,
  y: number,
): void {
  context.font = '600 11px system-ui, sans-serif';
  const width = context.measureText(text).width + 10;
  const top = Math.max(0, y - 17);
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(x, top, width, 16, 4);
  context.fill();
  context.fillStyle = '#0c1015';
  context.textBaseline = 'middle';
  context.fillText(text, x + 5, top + 8.5);
}
