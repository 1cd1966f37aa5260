/** The one door to the SDK. */
export {
  Client,
  DefaultRestOptions,
  DiscordAPIError,
  GatewayDispatchEvents,
  GatewayIntentBits,
  HTTPError,
  RateLimitError,
  REST,
  type RESTOptions,
  RequestMethod,
} from 'discord.js';
