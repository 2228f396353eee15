import { KEYPOINT_NAMES } from '../../core/index.ts';
import { detectorContract, poseContract } from '../../tests/contract/vision-contract.ts';
import { scriptedDetector, scriptedPose } from './fake-vision.ts';

const box = { x1: 0.6, y1: 0.6, x2: 0.9, y2: 0.9 };

detectorContract('the scripted detector', async () =>
  scriptedDetector(() => [
    { label: 'person', score: 0.9, box },
    { label: 'bicycle', score: 0.4, box },
  ]),
);

poseContract('the scripted pose estimator', async () =>
  scriptedPose(() => [
    { score: 0.8, box, keypoints: KEYPOINT_NAMES.map(() => ({ x: 0.7, y: 0.7, score: 0.5 })) },
  ]),
);
