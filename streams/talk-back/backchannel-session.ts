import { randomInt } from 'node:crypto';
import { CameraFaultError } from '../camera/fault.ts';
import type { CameraAddress } from '../rtsp/address.ts';
import { baseOf, checkDescribed, trackUri } from '../rtsp/describe.ts';
import { RtspClient, type RtspClientOptions } from '../rtsp/rtsp-client.ts';
import { parseSdp } from '../rtsp/sdp.ts';
import { type Backchannel, type BackchannelOffer, chooseBackchannel } from './choose-backchannel.ts';
import { encodeG711 } from './g711.ts';
import type { Packet } from './pacer.ts';
import { type RtpStream, rtpPacket } from './rtp-packet.ts';

/** Goes with every request of such a session (ONVIF Streaming Specification 5.3.1). */
const REQUIRE = { Require: 'www.onvif.org/ver20/backchannel' };
const SESSION_NOT_FOUND = 454;
const OPTION_NOT_SUPPORTED = 551;
/** RFC 2326 §12.37. */
const DEFAULT_TIMEOUT_S = 60;

/**
 * Asks a camera whether it has a loudspeaker that can be spoken to. Takes hold of nothing.
 * @throws CameraFaultError when the camera cannot be asked
 */
export async function askBackchannel(
  address: CameraAddress,
  options: RtspClientOptions = {},
): Promise<BackchannelOffer> {
  const client = await RtspClient.connect(address, options);
  try {
    return (await offerOf(client, address)).offer;
  } finally {
    client.close();
  }
}

/** A connection of its own, beside the one that the pictures come by: it is there only while somebody speaks to the car. */
export class BackchannelSession {
  readonly backchannel: Backchannel;
  /** How often it must be said that we are still there, ms. */
  readonly keepAliveMs: number;
  readonly #client: RtspClient;
  readonly #where: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #base: string;
  readonly #channel: number;
  readonly #stream: RtpStream;
  #sequence = randomInt(2 ** 15);
  readonly #firstTimestamp = randomInt(2 ** 31);

  private constructor(
    client: RtspClient,
    { safe }: CameraAddress,
    backchannel: Backchannel,
    base: string,
    answer: SetUp,
  ) {
    this.backchannel = backchannel;
    this.#client = client;
    this.#where = safe;
    this.#base = base;
    this.#headers = { ...REQUIRE, Session: answer.session };
    this.#channel = answer.channel;
    this.#stream = { payloadType: backchannel.payloadType, ssrc: randomInt(2 ** 32) };
    // In good time, also where one gets lost.
    this.keepAliveMs = (answer.timeoutSeconds * 1000) / 3;
  }

  /**
   * Opens the loudspeaker. `none` and `foreign`: there is none that could be.
   * @throws CameraFaultError when the camera cannot be reached or does not let us
   */
  static async open(
    address: CameraAddress,
    options: RtspClientOptions = {},
  ): Promise<BackchannelSession | Exclude<BackchannelOffer, { kind: 'g711' }>> {
    const client = await RtspClient.connect(address, options);
    try {
      const { offer, base } = await offerOf(client, address);
      if (offer.kind !== 'g711') {
        client.close();
        return offer;
      }
      const answer = await setUp(client, address, trackUri(offer.backchannel.control, base));
      const session = new BackchannelSession(client, address, offer.backchannel, base, answer);
      await session.#play();
      return session;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** @throws CameraFaultError when the connection is lost */
  send({ timestamp, samples, marker }: Packet): void {
    const payload = encodeG711(samples, this.backchannel.law);
    const at = this.#firstTimestamp + timestamp;
    const packet = rtpPacket(this.#stream, this.#sequence++, at, marker, payload);
    this.#client.sendInterleaved(this.#channel, packet);
  }

  /**
   * `OPTIONS`: the one request that every camera knows, and that changes nothing.
   * @throws CameraFaultError when the camera, or the loudspeaker lent to us, is gone
   */
  async keepAlive(): Promise<void> {
    const { status } = await this.#client.request('OPTIONS', this.#headers, this.#base);
    // The connection stands, and nothing that is said is played any more.
    if (status === SESSION_NOT_FOUND)
      throw new CameraFaultError('ended', `${this.#where} has taken its loudspeaker back`);
  }

  /** Gives the loudspeaker back. Never rejects: a camera that is gone has nothing to be given back. */
  async close(): Promise<void> {
    await this.#client.request('TEARDOWN', this.#headers, this.#base).catch(() => {});
    this.#client.close();
  }

  async #play(): Promise<void> {
    const { status } = await this.#client.request('PLAY', this.#headers, this.#base);
    if (status !== 200)
      throw new CameraFaultError(
        'unsupported',
        `${this.#where} answers ${status} to PLAY of its loudspeaker`,
      );
  }
}

async function offerOf(
  client: RtspClient,
  address: CameraAddress,
): Promise<{ readonly offer: BackchannelOffer; readonly base: string }> {
  const response = await client.request('DESCRIBE', { Accept: 'application/sdp', ...REQUIRE });
  const base = baseOf(response, client);
  if (response.status === OPTION_NOT_SUPPORTED) return { offer: { kind: 'none' }, base };
  checkDescribed(response, address);
  return { offer: chooseBackchannel(parseSdp(response.body)), base };
}

interface SetUp {
  readonly session: string;
  readonly timeoutSeconds: number;
  readonly channel: number;
}

async function setUp(client: RtspClient, address: CameraAddress, uri: string): Promise<SetUp> {
  const wanted = { ...REQUIRE, Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' };
  const { status, headers } = await client.request('SETUP', wanted, uri);
  const [session = '', ...parameters] = (headers.session?.[0] ?? '').split(';');
  if (status !== 200 || session === '') {
    // Dahua and Amcrest: somebody else is speaking.
    const why = `${address.safe} answers ${status} to SETUP of its loudspeaker: it may be in use`;
    throw new CameraFaultError('unsupported', why);
  }
  const timeout = Number(/timeout=(\d+)/.exec(parameters.join(';'))?.[1]);
  return {
    session,
    timeoutSeconds: timeout > 0 ? timeout : DEFAULT_TIMEOUT_S,
    channel: Number(/interleaved=(\d+)/.exec(headers.transport?.[0] ?? '')?.[1] ?? 0),
  };
}
