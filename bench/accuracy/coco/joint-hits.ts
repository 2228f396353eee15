import { type Box, boxHeight, boxWidth, iou, type Keypoint, type Pose } from '../../../core/index.ts';

export interface LabelledPose {
  readonly box: Box;
  readonly keypoints: readonly Keypoint[];
}

export interface JointHits {
  /** Labelled joints of people that were found at all. */
  readonly joints: number;
  /** Those found within a tenth of the person's longer side. */
  readonly hits: number;
}

const REACH = 0.1;

/** How many labelled joints of one person lie where the best overlapping pose has them. Sides are pixels. */
export function jointHits(
  truth: LabelledPose,
  poses: readonly Pose[],
  picture: { readonly width: number; readonly height: number },
  minIou: number,
): JointHits {
  const best = poses
    .map((pose) => ({ pose, overlap: iou(pose.box, truth.box) }))
    .filter(({ overlap }) => overlap >= minIou)
    .sort((a, b) => b.overlap - a.overlap)[0]?.pose;
  if (!best) return { joints: 0, hits: 0 };
  const side = Math.max(boxWidth(truth.box) * picture.width, boxHeight(truth.box) * picture.height);
  const labelled = truth.keypoints.flatMap((joint, i) => (joint.score > 0 ? [{ joint, i }] : []));
  const hits = labelled.filter(({ joint, i }) => {
    const found = best.keypoints[i] as Keypoint;
    const away = Math.hypot((found.x - joint.x) * picture.width, (found.y - joint.y) * picture.height);
    return away <= side * REACH;
  });
  return { joints: labelled.length, hits: hits.length };
}
