import {
  type BehaviourEvent,
  KEYPOINT_NAMES,
  type KeypointName,
  type Scene,
  type Track,
} from '../../core/index.ts';

/** How long an event stays written on the picture, ms of media time. */
const BANNER_MS = 3000;
const JOINT_SCORE = 0.2;
const LINE_PX = 19;

const BONES: readonly (readonly [KeypointName, KeypointName])[] = [
  ['left_shoulder', 'right_shoulder'],
  ['left_shoulder', 'left_elbow'],
  ['left_elbow', 'left_wrist'],
  ['right_shoulder', 'right_elbow'],
  ['right_elbow', 'right_wrist'],
  ['left_shoulder', 'left_hip'],
  ['right_shoulder', 'right_hip'],
  ['left_hip', 'right_hip'],
  ['left_hip', 'left_knee'],
  ['left_knee', 'left_ankle'],
  ['right_hip', 'right_knee'],
  ['right_knee', 'right_ankle'],
];

/** Well apart in hue and brightness, readable on steel and on wood. */
const COLOURS = ['#39d353', '#ffb000', '#4cc9f0', '#ff5d8f', '#b892ff', '#f4f482', '#ff8552', '#7ae7c7'];

const escapeXml = (text: string): string => text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);

function drawTrack(track: Track, width: number, height: number): string {
  const colour = COLOURS[track.trackId % COLOURS.length];
  const x = track.box.x1 * width;
  const y = track.box.y1 * height;
  const w = (track.box.x2 - track.box.x1) * width;
  const h = (track.box.y2 - track.box.y1) * height;
  const dash = track.state === 'confirmed' ? '' : ' stroke-dasharray="5 4"';
  const label = `#${track.trackId} ${track.label} ${track.score.toFixed(2)}`;
  const parts = [
    `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>`,
    `<text x="${x + 3}" y="${Math.max(12, y - 4)}" fill="${colour}">${escapeXml(label)}</text>`,
  ];
  for (const [from, to] of BONES) {
    const a = track.keypoints?.[KEYPOINT_NAMES.indexOf(from)];
    const b = track.keypoints?.[KEYPOINT_NAMES.indexOf(to)];
    if (!a || !b || a.score < JOINT_SCORE || b.score < JOINT_SCORE) continue;
    parts.push(
      `<line x1="${a.x * width}" y1="${a.y * height}" x2="${b.x * width}" y2="${b.y * height}" stroke="${colour}" stroke-width="2"/>`,
    );
  }
  return parts.join('');
}

function bannerText(event: BehaviourEvent): string {
  if (event.kind === 'occupancy') return `people: ${event.evidence.count}`;
  return `${event.kind} ${event.phase} (${event.confidence.toFixed(2)})`;
}

/** On a plate of its own, at the bottom left: cameras write their clock at the top. */
function drawLine(text: string, y: number): string {
  const width = 14 + text.length * 7.2;
  const plate = `<rect x="4" y="${y - 14}" width="${width}" height="${LINE_PX}" fill="#000" fill-opacity="0.6"/>`;
  return `${plate}<text x="10" y="${y}" fill="#fff">${escapeXml(text)}</text>`;
}

/** Keeps what has to stay on the picture for a while, and draws one SVG per frame. Pure: time is the scene's. */
export class Overlay {
  readonly #recent: BehaviourEvent[] = [];
  #count = 0;

  /** An SVG of `width`×`height` pixels to lay over the frame that `scene` was made from. */
  draw(scene: Scene, events: readonly BehaviourEvent[], width: number, height: number): string {
    for (const event of events) {
      if (event.kind === 'occupancy') this.#count = Number(event.evidence.count);
      this.#recent.push(event);
    }
    while (this.#recent[0] && scene.ts - this.#recent[0].ts > BANNER_MS) this.#recent.shift();
    const lines = [
      `${(scene.ts / 1000).toFixed(1)} s   people ${this.#count}`,
      ...this.#recent.map(bannerText),
    ];
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif"`,
      ' font-size="13" paint-order="stroke" stroke-linejoin="round">',
      '<style>text{stroke:#000;stroke-width:2.5px;paint-order:stroke}</style>',
      ...[...scene.objects, ...scene.people].map((track) => drawTrack(track, width, height)),
      ...lines.map((line, i) => drawLine(line, height - 12 - i * LINE_PX)),
      '</svg>',
    ].join('');
  }
}
