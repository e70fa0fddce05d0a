// Every word the page shows, in both languages.

import { memory, setLabel } from "./dom.js";
import { platform } from "./worlds.js";

/** English, Chinese. A key with a platform before it holds in that world. */
export const catalogue = {
  skip: ["Skip to the message box", "跳到输入框"],
  world: ["Platform", "平台"],
  "world.onebot": ["QQ", "QQ"],
  "world.wecom": ["WeCom", "企业微信"],
  "world.dingtalk": ["DingTalk", "钉钉"],
  "world.rongcloud": ["RongCloud", "融云"],
  "world.bearychat": ["BearyChat", "倍洽"],
  speakAs: ["Speak as", "以谁的身份说话"],
  tools: ["Sandbox", "沙盒"],
  "theme.auto": ["Theme: as the system", "外观：跟随系统"],
  "theme.light": ["Theme: light", "外观：浅色"],
  "theme.dark": ["Theme: dark", "外观：深色"],
  "language.next": ["中", "EN"],
  "language.label": ["切换到中文", "Switch to English"],
  conversations: ["Conversations", "会话"],
  joinable: ["Groups to join", "可加入的群"],
  join: ["Join", "加入"],
  requestJoin: ["Ask to join", "申请加入"],
  back: ["Back", "返回"],
  close: ["Close", "关闭"],
  cancel: ["Cancel", "取消"],
  ok: ["OK", "确定"],
  members: ["Members", "群成员"],
  inspector: ["Traffic", "报文"],
  more: ["More", "更多"],
  history: ["Messages", "消息"],
  announcer: ["New messages", "新消息"],
  mention: ["Mention", "提到"],
  mentionAll: ["everyone", "全体成员"],
  "wecom:mentionAll": ["all", "所有人"],
  "dingtalk:mentionAll": ["all", "所有人"],
  attach: ["Add a picture or file", "添加图片或文件"],
  drop: ["Drop to add", "松开即可添加"],
  draft: ["Message {title}", "发消息到 {title}"],
  send: ["Send", "发送"],
  sendMore: ["Send a location or link", "发送位置或链接"],
  location: ["Location", "位置"],
  "location.label": ["Place", "地点"],
  "location.latitude": ["Latitude", "纬度"],
  "location.longitude": ["Longitude", "经度"],
  link: ["Link", "链接"],
  "link.title": ["Title", "标题"],
  "link.text": ["Description", "描述"],
  "link.url": ["Address", "网址"],
  menu: ["Application menu", "应用菜单"],
  traffic: ["All traffic", "全部报文"],
  filter: ["Filter by name, peer or content", "按名称、对端或内容筛选"],

  "welcome.title": ["Who do you want to be?", "你想扮演谁？"],
  "welcome.text": [
    "This is a QQ of your own: people, groups and one bot, all on this machine. Choose a person and talk to the bot.",
    "这里是一个只属于你的 QQ：几个人、几个群、一个机器人，全在这台电脑上。选一个人，和机器人聊聊。",
  ],
  "wecom:welcome.text": [
    "This is a WeCom of your own: people, a group, an application and an intelligent bot, all on this machine. Choose a person and talk to them.",
    "这里是一个只属于你的企业微信：几个人、一个群、一个应用、一个智能机器人，全在这台电脑上。选一个人，和它们聊聊。",
  ],
  "dingtalk:welcome.text": [
    "This is a DingTalk of your own: a company of five, a group and a robot, all on this machine. Choose a person and talk to the robot.",
    "这里是一个只属于你的钉钉：一家五个人的公司、一个群、一个机器人，全在这台电脑上。选一个人，和机器人聊聊。",
  ],
  "empty.title": ["Nothing said yet", "还没有人说话"],
  "empty.text": ["Write /ping to hear the bot, or /help to see what it can do.", "发送 /ping 听听机器人的回应，发送 /help 看它会做什么。"],
  "empty.journey": [
    "Select a message to see what carried it: the exact request or frame, and the answer.",
    "选择一条消息，查看承载它的请求或帧原文，以及对应的应答。",
  ],
  "empty.journeyOf": [
    "No traffic belongs to this line. While no bot is connected, events are dropped.",
    "没有与此相关的报文。没有机器人连接时，事件会被丢弃。",
  ],
  "empty.traffic": [
    "No traffic yet. Every request, event and frame between the sandbox and a bot appears here. Connect a bot to",
    "还没有报文。沙盒与机器人之间的每个请求、事件和帧都会出现在这里。让机器人连接到",
  ],
  "empty.filter": ["Nothing matches the filter.", "没有符合筛选条件的报文。"],
  "detail.group": ["{count} members · {id}", "{count} 位成员 · {id}"],
  "detail.direct": ["Direct · {id}", "私聊 · {id}"],
  "detail.application": ["Application · {id}", "应用 · {id}"],
  "detail.aibot": ["Intelligent bot · {id}", "智能机器人 · {id}"],
  "detail.bot": ["Robot · {id}", "机器人 · {id}"],
  "dingtalk:detail.group": ["{count} members · Internal group · {id}", "{count} 位成员 · 内部群 · {id}"],
  yesterday: ["Yesterday", "昨天"],

  "role.owner": ["Owner", "群主"],
  "role.admin": ["Admin", "管理员"],
  bot: ["Bot", "机器人"],
  "dingtalk:bot": ["Robot", "机器人"],
  custom: ["Robot", "机器人"],
  application: ["App", "应用"],
  aibot: ["AI bot", "智能机器人"],
  you: ["You", "你"],
  image: ["[image]", "[图片]"],
  file: ["File", "文件"],
  voice: ["Voice message", "语音"],
  video: ["Video", "视频"],
  play: ["Play", "播放"],
  stop: ["Stop", "停止"],
  unplayable: ["The browser cannot play this. It can be downloaded.", "浏览器无法播放，可以下载。"],
  "card.message": ["Card", "卡片"],
  "card.press": ["Press a button…", "按下某个按钮……"],
  "card.key": ["The button's action id", "按钮的 actionId"],
  "card.open": ["Details", "查看详情"],
  "card.answered": ["Answered: {answer}", "已选择：{answer}"],
  "card.closed": ["Answered", "已处理"],
  workNotice: ["Work notice", "工作通知"],
  "oa.files": ["{count} attachments", "{count} 个附件"],
  read: ["Read", "已读"],
  "read.all": ["All read", "全部已读"],
  unread: ["Unread", "未读"],
  "unread.count": ["{count} unread", "{count} 人未读"],
  readers: ["Who has read it", "消息接收人列表"],
  "readers.nobody": ["Nobody yet", "还没有人"],
  "readers.waiting": ["Nobody is left", "没有未读的人"],
  readAs: ["{name} reads it", "让 {name} 阅读"],
  readByAll: ["All of them read it", "让他们都阅读"],
  readHere: ["Read everything here", "阅读这里的全部消息"],
  earlier: ["An earlier message", "更早的消息"],
  recalled: ["Message recalled", "消息已撤回"],
  "recalled.show": ["Show", "查看"],
  "recalled.edit": ["Edit again", "重新编辑"],
  accept: ["Accept", "同意"],
  quote: ["Quote", "引用"],
  "quote.remove": ["Remove the quote", "取消引用"],
  "picture.remove": ["Remove {name}", "移除 {name}"],
  react: ["React", "表态"],
  recall: ["Recall", "撤回"],
  journey: ["Journey", "轨迹"],
  profile: ["Profile of {name}", "{name} 的资料"],
  newest: ["To the newest", "回到最新"],
  newer: ["New messages: {count}", "{count} 条新消息"],
  "muted.self": ["You are muted here until {time}.", "你已被禁言，{time} 解除。"],
  "muted.all": ["Only the owner and admins may speak here.", "全员禁言中，只有群主和管理员可以发言。"],
  "file.tooBig": ["{name} is larger than {limit} MB.", "{name} 超过 {limit} MB。"],
  "file.noGroup": ["Files can be uploaded in groups only; pictures anywhere.", "文件只能上传到群里；图片在哪里都可以发。"],

  mutedUntil: ["muted until {time}", "禁言至 {time}"],
  invite: ["Invite", "邀请"],
  poke: ["Poke", "戳一戳"],
  befriend: ["Add as friend", "加为好友"],
  mute: ["Mute for {span}", "禁言 {span}"],
  unmute: ["Unmute", "解除禁言"],
  kick: ["Remove from group", "移出群聊"],
  admin: ["Make admin", "设为管理员"],
  unadmin: ["Remove admin role", "取消管理员"],
  card: ["Change group card", "修改群名片"],
  become: ["Speak as {name}", "以 {name} 的身份说话"],
  enter: ["Enter the chat (the bot hears of it)", "进入会话（会通知机器人）"],
  leave: ["Leave the group", "退出群聊"],
  disband: ["Disband the group", "解散群聊"],
  owner: ["Make owner", "转让群主"],
  rename: ["Rename the group", "修改群名"],
  groupName: ["Group name", "群名"],
  comment: ["A word with the request", "申请附言"],
  requestSent: ["Request sent.", "申请已发送。"],
  "span.minute": ["1 minute", "1 分钟"],
  "span.hour": ["1 hour", "1 小时"],
  "span.day": ["1 day", "1 天"],

  "tools.clock": ["Time", "时间"],
  "tools.toReal": ["Back to real time", "回到真实时间"],
  "tools.faults": ["Faults", "故障"],
  "tools.kind": ["Kind", "类型"],
  "tools.count": ["How often (empty: always)", "次数（留空则一直有效）"],
  "tools.on": ["Turn on", "开启"],
  "tools.off": ["Turn off", "关闭"],
  "tools.connect": ["Connect a OneBot 11 bot", "连接 OneBot 11 机器人"],
  "wecom:tools.connect": ["Connect to WeCom", "连接企业微信"],
  "dingtalk:tools.connect": ["Connect to DingTalk", "连接钉钉"],
  "tools.reset": ["Start over", "重新开始"],
  "tools.resetText": ["People, groups and messages go back to the seed.", "人、群和消息恢复到初始状态。"],
  "fault.delay": ["Delay", "延迟"],
  "fault.drop": ["Drop", "丢弃"],
  "fault.duplicate": ["Duplicate", "重复"],
  "fault.reorder": ["Reorder", "乱序"],
  "fault.status_5xx": ["Server error", "服务器错误"],
  "fault.rate_limit": ["Rate limit", "频率限制"],
  "fault.expire_tokens": ["Expire tokens", "令牌过期"],
  "fault.forge_signature": ["Forge signature", "伪造签名"],
  "fault.half_open": ["Half-open connection", "半开连接"],
  "fault.disconnect": ["Disconnect", "断开连接"],
  "fault.cut": ["Silent cut of the Stream", "静默切断 Stream"],
  "fault.farewell": ["Farewell of the Stream", "Stream 告别断开"],
  "fault.blocked": ["Blocked address (x5)", "封禁地址（x5）"],
  "fault.html": ["HTML for an answer", "以 HTML 应答"],
  "strip.lost": ["The sandbox does not answer. Trying again…", "沙盒没有回应，正在重试……"],
  "strip.fault": ["Fault on: {kinds}", "故障已开启：{kinds}"],
  "strip.clock": ["Virtual time {time}", "虚拟时间 {time}"],

  copy: ["Copy", "复制"],
  "copy.curl": ["Copy as curl", "复制为 curl"],
  "copy.body": ["Copy body", "复制正文"],
  "copy.done": ["Copied", "已复制"],
  "copy.failed": ["The browser does not allow copying.", "浏览器不允许复制。"],
  "curl.request": ["As curl", "curl 命令"],
  "curl.frame": ["As curl: the same action over HTTP", "curl 命令：同一动作走 HTTP"],
  "curl.event": ["As curl: the same event to your own bot", "curl 命令：把同一事件发给你的机器人"],
  inside: ["The text in data", "data 中的文本"],
  decrypted: ["Decrypted", "解密后"],
  "way.in": ["bot → sandbox", "机器人 → 沙盒"],
  "way.out": ["sandbox → bot", "沙盒 → 机器人"],
  "way.control": ["person → sandbox", "人 → 沙盒"],
  "transport.api": ["API", "接口"],
  "transport.aibot": ["Long connection of the intelligent bot", "智能机器人长连接"],
  "transport.stream": ["Stream (the address is in the answer)", "Stream 长连接（地址见应答）"],
  "transport.robot": ["Custom robot of the group (signed)", "群自定义机器人（加签）"],
  "wecom:transport.post": ["callback", "回调"],
  "dingtalk:transport.post": ["callback", "回调"],
  "dingtalk:transport.ws-forward": ["Stream", "Stream"],
  "wecom:transport.ws-forward": ["aibot WS", "长连接"],
  "transport.ws-forward": ["forward WS", "正向 WS"],
  "transport.ws-reverse": ["reverse WS", "反向 WS"],
  "kind.request": ["request", "请求"],
  "kind.response": ["answer", "应答"],
  "kind.event": ["event", "事件"],
  "kind.frame": ["frame", "帧"],
  "kind.control": ["control", "控制"],
  "verdict.ok": ["ok", "成功"],
  "verdict.refused": ["refused", "拒绝"],
  "verdict.failed": ["failed", "失败"],
  "verdict.dropped": ["dropped", "丢弃"],
  "verdict.delayed": ["delayed", "延迟"],
  "error.offline": ["The sandbox does not answer.", "沙盒没有回应。"],
  "error.platform": ["There is no world called {name} here.", "这里没有 {name} 平台。"],
  "error.person": ["There is nobody called {name} here.", "这里没有叫 {name} 的人。"],
};

/** `"en"` or `"zh"`. */
export const language = () => (document.documentElement.lang.startsWith("zh") ? "zh" : "en");

/** The text under `key` in the current language, `{name}`s filled in. */
export function t(key, values = {}) {
  // A word the platform has and we do not know is shown as it is.
  const text = (catalogue[`${platform}:${key}`] ?? catalogue[key])?.[language() === "zh" ? 1 : 0] ?? key.slice(key.indexOf(".") + 1);
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Switches the language and remembers it; views draw themselves anew on `onLanguage`. */
export function setLanguage(next) {
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
  memory.set("language", next);
  retell();
}

/** Says everything anew, in the words of the present language and world. */
export function retell() {
  translatePage();
  for (const listener of listeners) listener();
}

const listeners = [];

/** Calls `listener` whenever the language or the world changed. */
export const onLanguage = (listener) => listeners.push(listener);

/** Fills in the fixed texts of `index.html`. */
export function translatePage() {
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-label]")) setLabel(node, t(node.dataset.label));
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = t(node.dataset.placeholder);
}
