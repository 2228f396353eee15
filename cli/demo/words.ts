import type { BehaviourKind, CameraState, IncidentChangeKind } from '../../core/index.ts';
import type { Language } from '../language.ts';

interface Words {
  readonly state: Readonly<Record<CameraState, string>>;
  readonly kind: Readonly<Record<BehaviourKind, string>>;
  readonly began: string;
  readonly ended: string;
  readonly warning: string;
  readonly withdrawn: string;
  readonly people: (n: number) => string;
  readonly peopleChange: (from: unknown, to: unknown) => string;
  readonly unknown: string;
  readonly seconds: (s: number) => string;
  readonly starting: (cameras: number) => string;
  readonly open: (url: string) => string;
  readonly controllers: (url: string, password: string) => string;
  readonly receiver: (url: string) => string;
  readonly screen: (url: string) => string;
  readonly alarm: string;
  readonly change: Readonly<Record<IncidentChangeKind, string>>;
  readonly moved: (from: number) => string;
  readonly stop: string;
  readonly stopping: string;
}

export const WORDS: Readonly<Record<Language, Words>> = Object.freeze({
  zh: {
    state: {
      connecting: '连接中',
      online: '在线',
      stale: '迟滞',
      frozen: '冻结',
      blocked: '遮挡',
      offline: '离线',
    },
    kind: {
      occupancy: '人数',
      ebike: '电动车入梯',
      fall: '有人跌倒',
      'motionless-person': '人员长时间不动',
      crowding: '轿厢拥挤',
      'door-blocked': '阻挡门',
      'camera-blocked': '镜头遮挡',
      'camera-frozen': '画面冻结',
      'camera-offline': '摄像头离线',
    },
    began: '开始',
    ended: '结束',
    warning: '疑似电动车',
    withdrawn: '疑似电动车，已撤销',
    people: (n) => `${n} 人`,
    peopleChange: (from, to) => `人数 ${from} → ${to}`,
    unknown: '人数未知',
    seconds: (s) => `${s} 秒`,
    starting: (cameras) => `正在启动 ${cameras} 台模拟摄像头和模型…`,
    open: (url) => `在浏览器中打开 ${url}`,
    controllers: (url, password) => `控制器消息：${url}（用户名为电梯编号，密码 ${password}）`,
    receiver: (url) => `报警接收端：${url}`,
    screen: (url) => `轿厢里的屏幕（在另一台设备或窗口中打开）：${url}`,
    alarm: '收到报警',
    change: {
      opened: '疑似',
      confirmed: '确认',
      updated: '更新',
      acknowledged: '已接警',
      relieved: '已解除',
      reopened: '再次出现',
      closed: '已结案',
      noted: '备注',
    },
    moved: (from) => `端口 ${from} 已被占用，改用空闲端口。`,
    stop: '按 Ctrl-C 结束',
    stopping: '正在结束…',
  },
  en: {
    state: {
      connecting: 'connecting',
      online: 'online',
      stale: 'stale',
      frozen: 'frozen',
      blocked: 'covered',
      offline: 'offline',
    },
    kind: {
      occupancy: 'people',
      ebike: 'e-bike in the car',
      fall: 'person fallen',
      'motionless-person': 'person not moving',
      crowding: 'crowded',
      'door-blocked': 'door held open',
      'camera-blocked': 'lens covered',
      'camera-frozen': 'picture frozen',
      'camera-offline': 'camera offline',
    },
    began: 'began',
    ended: 'ended',
    warning: 'perhaps an e-bike',
    withdrawn: 'perhaps an e-bike, withdrawn',
    people: (n) => `${n} inside`,
    peopleChange: (from, to) => `people ${from} → ${to}`,
    unknown: 'unknown',
    seconds: (s) => `${s} s`,
    starting: (cameras) => `Starting ${cameras} simulated cameras and the models…`,
    open: (url) => `Open ${url} in a browser`,
    controllers: (url, password) => `Controllers speak at ${url} (user: a lift's name, password ${password})`,
    receiver: (url) => `Alarms are received at ${url}`,
    screen: (url) => `The screen in a cabin (open it in another window): ${url}`,
    alarm: 'alarm received',
    change: {
      opened: 'suspected',
      confirmed: 'confirmed',
      updated: 'more is known',
      acknowledged: 'acknowledged',
      relieved: 'over',
      reopened: 'back again',
      closed: 'closed',
      noted: 'noted',
    },
    moved: (from) => `Port ${from} is taken; a free one is used.`,
    stop: 'Ctrl-C ends it',
    stopping: 'Ending…',
  },
});
