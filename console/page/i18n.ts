/** The page's two languages. Every key exists in both: the type of `en` is that of `zh`. */

const zh = {
  brand: '轿厢守望',
  skipToWall: '跳到监控画面',
  wall: '监控画面',
  totalOnline: '在线摄像头',
  totalPeople: '轿厢内人数',
  totalAlerts: '正在告警',
  events: '事件',
  filterAlerts: '告警',
  filterAll: '全部',
  noEvents: '暂无事件。有人进出、电动车入梯、跌倒或摄像头异常时，会显示在这里。',
  noCameras: '还没有摄像头。请在配置文件的 lifts 中添加，然后重新启动服务。',
  connecting: '正在连接服务…',
  lineLost: '与服务的连接已断开，正在重连。画面与人数可能不是最新的。',
  lineLive: '实时',
  'failing.detector': '识别模型不可用：只显示画面，不识别人员和事件。',
  'failing.pose': '姿态模型不可用：跌倒可能漏报。',
  'failing.storage': '记录暂时无法写入数据库，已暂存本机；恢复之前，报警只显示在此页面。',
  'failing.alarms': '报警暂时未能送达接收端，正在重试。',
  language: 'English',
  signIn: '登录',
  signOut: '退出登录',
  signInPurpose: '电梯轿厢监护与救援。请登录后继续。',
  login: '用户名',
  password: '密码',
  yourName: '姓名',
  passwordRule: '至少 12 个字符，任何字符都可以，越长越安全。',
  signInFailed: '用户名或密码不正确。',
  signInTooSoon: '失败次数过多，请在 {n} 秒后再试。',
  signInAway: '暂时无法连接服务，请稍后再试。',
  setupPurpose: '为这个站点创建第一个管理员。',
  setupEnter: '创建并登录',
  setupFailed: '无法创建：令牌已失效，或输入不符合要求。请查看服务日志中的新令牌。',
  people: '{n} 人',
  peopleUnknown: '人数未知',
  pictureAge: '最近画面：{age}前',
  pictureNow: '最近画面：刚刚',
  noPictureYet: '还没有收到画面',
  noPicture: '没有画面',
  waitingForPicture: '正在打开画面…',
  snapshots: '快照',
  overview: '面部已隐藏',
  withheld: '此轿厢没有待处理警情。放大并说明理由后可查看。',
  reasonTitle: '查看 {name}',
  'reasonPurpose.live': '此轿厢没有待处理警情。请说明查看实时画面的理由；您的姓名、时间和理由将被记录。',
  'reasonPurpose.recording': '录像中有乘客的面容和声音。请说明查看理由；您的姓名、时间和理由将被记录。',
  reasonLabel: '理由（至少 3 个字符）',
  'reasonGo.live': '查看实时画面',
  'reasonGo.recording': '播放录像',
  reasonCancel: '不查看',
  enlarge: '放大 {name}',
  close: '关闭',
  fps: '{got} / {want} 帧/秒',
  reconnects: '重连 {n} 次',
  'state.connecting': '连接中',
  'state.online': '在线',
  'state.stale': '画面迟滞',
  'state.frozen': '画面冻结',
  'state.blocked': '镜头遮挡',
  'state.offline': '离线',
  'kind.occupancy': '人数',
  'kind.ebike': '电动车入梯',
  'kind.fall': '有人跌倒',
  'kind.motionless-person': '人员长时间不动',
  'kind.crowding': '轿厢拥挤',
  'kind.door-blocked': '阻挡门',
  'kind.camera-blocked': '镜头遮挡',
  'kind.camera-frozen': '画面冻结',
  'kind.camera-offline': '摄像头离线',
  ebikeWarning: '疑似电动车',
  withdrawn: '已撤销',
  ongoing: '进行中',
  lasted: '持续 {duration}',
  peopleChange: '人数 {from} → {to}',
  'error.CAMERA_UNREACHABLE': '摄像头没有应答',
  'error.CAMERA_UNAUTHORIZED': '摄像头拒绝了用户名或密码',
  'error.CAMERA_NOT_FOUND': '摄像头上没有这路视频',
  'error.CAMERA_NO_VIDEO': '摄像头有应答，但没有画面',
  'error.CAMERA_UNSUPPORTED': '无法解码摄像头的视频',
  'error.CAMERA_FLOODING': '摄像头发送的数据远超其声明',
  'doubt.dark': '画面过暗',
  'doubt.blocked': '镜头遮挡',
  'doubt.frozen': '画面冻结',
  'doubt.infrared': '红外画面',
  incidents: '待处理警情',
  call: '呼叫轿厢',
  callWith: '与 {name} 通话',
  guestPurpose: '电梯 {name} 的轿厢。接通后您能看到并听到轿厢内的人，他们能听到您；通话会被记录。',
  guestNoLink: '链接不完整，请向发送者索取完整链接。',
  callOpening: '正在连接服务…',
  mute: '静音',
  unmute: '取消静音',
  hangUp: '挂断',
  micOn: '麦克风已打开，轿厢内能听到您',
  micMuted: '麦克风已静音，轿厢内听不到您',
  micUnheard: '麦克风已打开，但轿厢内听不到您',
  micOff: '麦克风未打开',
  callBusy: '{name} 正在与该轿厢通话。',
  callNoCabin: '轿厢终端未连接。请使用电梯的五方对讲电话。',
  callUnheard: '轿厢内听不到您：该摄像头没有可用的扬声器。请使用电梯的五方对讲电话。',
  recordings: '通话录像',
  recordingOpen: '播放 {name} 于 {time} 的通话录像',
  recordingCut: '不完整：{problem}',
  recordingFailed: '无法打开录像：可能已过保存期限，或没有权限。',
  back: '返回列表',
  callRecorded: '● 录制中。',
  callNotRecorded: '本次通话未被录制，或录制已中断。通话不受影响。',
  callRefused: '无法进入通话：没有权限，或已在别处打开。',
  callNoMicrophone: '麦克风或连接有问题，轿厢内可能听不到您。',
  'callState.idle': '准备呼叫',
  'callState.ringing': '正在呼叫轿厢…',
  'callState.negotiating': '轿厢已应答，正在接通…',
  'callState.connected': '已接通',
  'callState.degraded': '信号不稳定',
  'callState.reconnecting': '连接中断，正在恢复…',
  'callState.failed': '连接失败，正在重试…',
  'callEnded.hung-up': '通话已结束',
  'callEnded.no-answer': '轿厢没有应答',
  'callEnded.lost': '连接已丢失',
  'callEnded.cabin-gone': '轿厢终端已断开',
  'callEnded.caller-gone': '呼叫方已离开',
  'callEnded.withdrawn': '通话权限已被收回',
  'callEnded.closed': '服务结束了通话',
  'phase.suspected': '疑似',
  'phase.confirmed': '已确认',
  'phase.acknowledged': '已受理',
  'phase.relieved': '已解除，待关闭',
  'incident.entrapment': '困人',
  'incident.ebike-entry': '电动车入梯',
  'incident.fall': '有人跌倒',
  'incident.motionless-person': '人员长时间不动',
  'incident.door-blocked': '阻挡门',
  'incident.door-cycling': '反复开关门',
  'incident.long-door-open': '长时间开门',
  'incident.door-open-moving': '开门走梯',
  'incident.overspeed': '超速',
  'incident.overtravel': '冲顶或蹲底',
  'incident.crowding': '轿厢拥挤',
  'incident.camera-blocked': '镜头遮挡',
  'incident.camera-offline': '摄像头离线',
  'incident.controller-offline': '控制器离线',
};

const en: Record<keyof typeof zh, string> = {
  brand: 'Cabinwatch',
  skipToWall: 'Skip to the cameras',
  wall: 'Cameras',
  totalOnline: 'Cameras online',
  totalPeople: 'People inside',
  totalAlerts: 'Alerts now',
  events: 'Events',
  filterAlerts: 'Alerts',
  filterAll: 'All',
  noEvents: 'Nothing yet. People coming and going, e-bikes, falls and camera trouble will show here.',
  noCameras: 'No cameras yet. Add lifts to the configuration file and start the service again.',
  connecting: 'Connecting to the service…',
  lineLost: 'The connection to the service is lost; trying again. Pictures and counts may be old.',
  lineLive: 'Live',
  'failing.detector': 'The model cannot be used: pictures are shown, but nobody and nothing is recognised.',
  'failing.pose': 'The pose model cannot be used: falls may be missed.',
  'failing.storage':
    'Records cannot be written to the database and are kept on this machine; until they can, alarms are not sent on.',
  'failing.alarms': 'A receiver does not take alarms; they are sent again and again.',
  language: '中文',
  signIn: 'Sign in',
  signOut: 'Sign out',
  signInPurpose: 'Watching over lift cabins. Sign in to go on.',
  login: 'User name',
  password: 'Password',
  yourName: 'Name',
  passwordRule: 'At least 12 characters. Any will do; longer is safer.',
  signInFailed: 'User name or password is wrong.',
  signInTooSoon: 'Too many failed tries. Try again in {n} s.',
  signInAway: 'The service cannot be reached right now. Try again shortly.',
  setupPurpose: 'Make the first admin of this site.',
  setupEnter: 'Make and sign in',
  setupFailed:
    'That did not work: the token is no longer good, or something typed is not accepted. The log has the token.',
  people: '{n} inside',
  peopleUnknown: 'Count unknown',
  pictureAge: 'Last picture {age} ago',
  pictureNow: 'Last picture just now',
  noPictureYet: 'No picture received yet',
  noPicture: 'No picture',
  waitingForPicture: 'Opening the picture…',
  snapshots: 'Snapshots',
  overview: 'Faces hidden',
  withheld: 'No open incident here. Enlarge it and give a reason to see inside.',
  reasonTitle: 'Look into {name}',
  'reasonPurpose.live':
    'There is no open incident here. Say why you want the live picture; your name, the time and the reason are written down.',
  'reasonPurpose.recording':
    'A recording holds faces and voices of passengers. Say why you open it; your name, the time and the reason are written down.',
  reasonLabel: 'Reason (at least 3 characters)',
  'reasonGo.live': 'Show the live picture',
  'reasonGo.recording': 'Play the recording',
  reasonCancel: 'Do not look',
  enlarge: 'Enlarge {name}',
  close: 'Close',
  fps: '{got} of {want} fps',
  reconnects: '{n} reconnects',
  'state.connecting': 'Connecting',
  'state.online': 'Online',
  'state.stale': 'Stale',
  'state.frozen': 'Frozen',
  'state.blocked': 'Lens covered',
  'state.offline': 'Offline',
  'kind.occupancy': 'People',
  'kind.ebike': 'E-bike in the car',
  'kind.fall': 'Person fallen',
  'kind.motionless-person': 'Person not moving',
  'kind.crowding': 'Crowded',
  'kind.door-blocked': 'Door held open',
  'kind.camera-blocked': 'Lens covered',
  'kind.camera-frozen': 'Picture frozen',
  'kind.camera-offline': 'Camera offline',
  ebikeWarning: 'Perhaps an e-bike',
  withdrawn: 'withdrawn',
  ongoing: 'going on',
  lasted: 'lasted {duration}',
  peopleChange: 'People {from} → {to}',
  'error.CAMERA_UNREACHABLE': 'The camera does not answer',
  'error.CAMERA_UNAUTHORIZED': 'The camera refuses the user name or password',
  'error.CAMERA_NOT_FOUND': 'The camera has no such stream',
  'error.CAMERA_NO_VIDEO': 'The camera answers but sends no picture',
  'error.CAMERA_UNSUPPORTED': 'The camera’s video cannot be decoded',
  'error.CAMERA_FLOODING': 'The camera sends far more than it says',
  'doubt.dark': 'Too dark',
  'doubt.blocked': 'Lens covered',
  'doubt.frozen': 'Frozen',
  'doubt.infrared': 'Infrared',
  incidents: 'Open incidents',
  call: 'Call the cabin',
  callWith: 'Call with {name}',
  guestPurpose:
    'The cabin of lift {name}. You will see and hear whoever is in it, and they will hear you; that you called is recorded.',
  guestNoLink: 'This link is not whole. Ask whoever sent it for all of it.',
  callOpening: 'Connecting to the service…',
  mute: 'Mute',
  unmute: 'Unmute',
  hangUp: 'Hang up',
  micOn: 'Microphone on: the cabin hears you',
  micMuted: 'Muted: the cabin does not hear you',
  micUnheard: 'Microphone on, but the cabin does not hear you',
  micOff: 'Microphone off',
  callBusy: '{name} has this call.',
  callNoCabin: 'The cabin is not connected. Use the phone line of the lift.',
  callUnheard:
    'This cabin cannot hear you: its camera has no loudspeaker that works. Use the phone line of the lift.',
  recordings: 'Recorded calls',
  recordingOpen: 'Play the call with {name} at {time}',
  recordingCut: 'Not whole: {problem}',
  recordingFailed: 'The recording cannot be opened: its time is over, or you may not.',
  back: 'Back to the list',
  callRecorded: '● Recording.',
  callNotRecorded: 'This call is not, or no longer, recorded. The call itself goes on.',
  callRefused: 'This call cannot be entered: not allowed, or open elsewhere.',
  callNoMicrophone: 'The microphone or the line has a problem; the cabin may not hear you.',
  'callState.idle': 'About to call',
  'callState.ringing': 'Calling the cabin…',
  'callState.negotiating': 'The cabin has answered; connecting…',
  'callState.connected': 'Connected',
  'callState.degraded': 'Unsteady line',
  'callState.reconnecting': 'Line lost; bringing it back…',
  'callState.failed': 'That failed; trying again…',
  'callEnded.hung-up': 'The call has ended',
  'callEnded.no-answer': 'The cabin did not answer',
  'callEnded.lost': 'The line was lost',
  'callEnded.cabin-gone': 'The cabin is gone',
  'callEnded.caller-gone': 'The caller is gone',
  'callEnded.withdrawn': 'The right to this call was withdrawn',
  'callEnded.closed': 'The service ended the call',
  'phase.suspected': 'Suspected',
  'phase.confirmed': 'Confirmed',
  'phase.acknowledged': 'Acknowledged',
  'phase.relieved': 'Relieved, not closed',
  'incident.entrapment': 'People trapped',
  'incident.ebike-entry': 'E-bike in the car',
  'incident.fall': 'Person fallen',
  'incident.motionless-person': 'Person not moving',
  'incident.door-blocked': 'Door held open',
  'incident.door-cycling': 'Door opens and closes again and again',
  'incident.long-door-open': 'Door open for long',
  'incident.door-open-moving': 'Moving with an open door',
  'incident.overspeed': 'Too fast',
  'incident.overtravel': 'Ran past its last landing',
  'incident.crowding': 'Crowded',
  'incident.camera-blocked': 'Lens covered',
  'incident.camera-offline': 'Camera offline',
  'incident.controller-offline': 'Controller offline',
};

export type Language = 'zh' | 'en';
export type TextKey = keyof typeof zh;

const STORED = 'cabinwatch.language';
const TEXTS: Record<Language, Record<TextKey, string>> = { zh, en };

export interface I18n {
  readonly language: Language;
  /** Text for a key; a key built from data that has no text comes back as its last part. */
  text(key: string, values?: Record<string, string | number>): string;
  /** "3 s", "2 min" … */
  duration(ms: number): string;
  /** Time of day where the viewer is. */
  time(ms: number): string;
  dateTime(ms: number): string;
  set(language: Language): void;
  onChange(listener: () => void): void;
}

/** What the link asks for or was chosen before; else Chinese. */
function firstLanguage(): Language {
  for (const wanted of [new URLSearchParams(location.search).get('lang'), localStorage.getItem(STORED)]) {
    if (wanted === 'zh' || wanted === 'en') return wanted;
  }
  return 'zh';
}

export function createI18n(): I18n {
  let language = firstLanguage();
  const listeners: (() => void)[] = [];
  const locale = (): string =>
    language === 'zh' ? 'zh-CN' : navigator.language.startsWith('en') ? navigator.language : 'en';
  return {
    get language() {
      return language;
    },
    text(key, values = {}) {
      const text = TEXTS[language][key as TextKey] ?? key.slice(key.indexOf('.') + 1);
      return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
    },
    duration(ms) {
      const [value, unit] = largestUnit(Math.max(0, ms) / 1000);
      return new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'short' }).format(value);
    },
    time: (ms) => new Intl.DateTimeFormat(locale(), { timeStyle: 'medium', hourCycle: 'h23' }).format(ms),
    dateTime: (ms) =>
      new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'long', hourCycle: 'h23' }).format(
        ms,
      ),
    set(next) {
      language = next;
      localStorage.setItem(STORED, next);
      for (const listener of listeners) listener();
    },
    onChange(listener) {
      listeners.push(listener);
    },
  };
}

function largestUnit(seconds: number): [number, 'second' | 'minute' | 'hour' | 'day'] {
  if (seconds < 60) return [Math.round(seconds), 'second'];
  if (seconds < 3600) return [Math.round(seconds / 60), 'minute'];
  if (seconds < 86_400) return [Math.round(seconds / 3600), 'hour'];
  return [Math.round(seconds / 86_400), 'day'];
}
