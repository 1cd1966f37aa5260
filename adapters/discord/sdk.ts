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
  // biome-ignore lint/correctness/noUndeclaredDependencies: discord.js awaits its line in package.json
} from 'discord.js';
