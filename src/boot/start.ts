import { resolve } from 'node:path';
import { createConsole, parseTokens } from '#adapters/console/index.ts';
import { startProbeServer } from '#adapters/probes/probe-server.ts';
import { adoptPlaces } from '#app/adopt-places.ts';
import { acceptAlerts } from '#app/alerts/accept-alerts.ts';
import { followRollouts } from '#app/alerts/follow-rollouts.ts';
import { projectAlert } from '#app/alerts/project-alert.ts';
import { ringBells } from '#app/alerts/ring-bells.ts';
import { tendAlerts } from '#app/alerts/tend-alerts.ts';
import { tendWatches } from '#app/alerts/tend-watches.ts';
import { createCommandBus } from '#app/command-bus.ts';
import { deliverMessages } from '#app/deliver-messages.ts';
import { postDigests } from '#app/digest/post-digests.ts';
import { createFigureGauges } from '#app/figures/figure-gauges.ts';
import { createStandingCalibration } from '#app/judge/standing-calibration.ts';
import { markReleases } from '#app/mark-releases.ts';
import { projectBoards } from '#app/project-boards.ts';
import { projectRollout } from '#app/project-rollout.ts';
import { createReader } from '#app/read-model.ts';
import { remind } from '#app/remind.ts';
import { repeat } from '#app/repeat.ts';
import { createAuthority } from '#app/resolve-authority.ts';
import { noteMembers } from '#app/role-ages.ts';
import { createRollouts } from '#app/rollout/create-rollouts.ts';
import { runWorker } from '#app/run-worker.ts';
import { tendPlaces } from '#app/tend-places.ts';
import { watchRoleSources } from '#app/watch-role-sources.ts';
import * as commands from '#commands/index.ts';
import type { Configuration } from '#config.ts';
import { openAlertDoors } from './alerts.ts';
import { type Core, openCore } from './core.ts';
import { discordOf, tellMissing } from './discord.ts';
import { markersOf } from './markers.ts';
import { onCallOf } from './on-call.ts';
import { readiness } from './readiness.ts';
import { keepSettings } from './settings-in-force.ts';
import { slackOf } from './slack.ts';

/** Which parts of Signalbox this process is. */
export interface Parts {
  readonly serve: boolean;
  readonly work: boolean;
}

/** A running process. */
export interface Running {
  /** Where the console is; null for a process that only works. */
  readonly url: string | null;
  readonly core: Core;
  /** Takes nothing more, lets what runs come to its end, and closes everything. */
  stop(): Promise<void>;
}

/** Starts a process with the parts that were asked for. */
export async function start(configuration: Configuration, parts: Parts): Promise<Running> {
  const core = await openCore(configuration);
  const { world } = core;
  const { environment, demo } = configuration;
  const dataFolder = resolve(environment.SIGNALBOX_DATA);
  const refreshFigures = createFigureGauges(world);
  const web = createConsole({
    settings: () => world.settings().settings,
    store: world.store,
    clock: world.clock,
    crypto: world.crypto,
    random: world.random,
    log: world.log,
    probes: {
      ready: readiness(core),
      async metricsText() {
        await refreshFigures();
        return core.telemetry.exposition();
      },
    },
    demo,
    host: environment.SIGNALBOX_HOST,
    ...(environment.SIGNALBOX_PORT === undefined ? {} : { port: environment.SIGNALBOX_PORT }),
    stateDirectory: demo ? dataFolder : null,
    oidcSecret: environment.SIGNALBOX_OIDC_CLIENT_SECRET?.reveal() ?? null,
    apiTokens: parseTokens(environment.SIGNALBOX_API_TOKENS?.reveal() ?? ''),
  });
  core.join(web.platform, web.directory);
  const slack = await slackOf(configuration, core);
  const discord = await discordOf(configuration, core);

  const authority = createAuthority(world);
  const boards = projectBoards(world);
  const alerted = projectAlert(world);
  const project = followRollouts(world, projectRollout(world, boards), alerted);
  const rollouts = createRollouts(world, project);
  const bus = createCommandBus({
    world,
    rollouts,
    authority,
    commands: Object.values(commands),
  });
  const intake = acceptAlerts(world, rollouts, alerted);
  const stops: (() => Promise<void>)[] = [];

  if (parts.serve) {
    const reader = createReader(world, rollouts, authority, core, () =>
      onCallOf(world, environment),
    );
    // Its route has to be there before the server listens; its connections need not.
    discord?.open({
      gateway: bus,
      http: web.http,
      forget: (account) => authority.forget('discord', account),
    });
    const slackOpen = slack?.open({
      gateway: bus,
      reader,
      http: web.http,
      forget: (account) => authority.forget('slack', account),
    });
    const alertDoor = openAlertDoors(configuration, core, intake, web.http);
    await web.start(bus, reader);
    await alertDoor?.start();
    if (discord !== null) void tellMissing(discord, core);
    const others = [slack?.platform, discord?.platform].filter((one) => one !== undefined);
    const platforms = [web.platform, ...others];
    const messages = deliverMessages({ ...world, jitter: Math.random, platforms });
    const delivering = new AbortController();
    const delivered = messages.run(delivering.signal);
    core.onPoke(() => {
      messages.poke();
      web.poke();
    });
    stops.push(
      async () => {
        await alertDoor?.close();
        await slackOpen;
        await slack?.close();
        await discord?.close();
      },
      () => web.close(),
      () => bus.idle(),
      async () => {
        delivering.abort();
        await delivered;
      },
    );
  }
  // A process that serves answers these beside the console.
  const port = environment.SIGNALBOX_PORT;
  if (!parts.serve && port !== undefined) {
    const where = { host: environment.SIGNALBOX_HOST, port };
    const probed = { ready: readiness(core), metricsText: core.telemetry.exposition };
    const probes = await startProbeServer(probed, where);
    stops.push(probes.close);
  }
  if (parts.work) {
    await adoptPlaces(world);
    const anchoring = new AbortController();
    const anchored = core.keepHistory(anchoring.signal);
    stops.push(async () => {
      anchoring.abort();
      await anchored;
    });
    const worker = await runWorker(
      { world, authority, project, owner: core.owner },
      {
        concurrency: 8,
        reconcileMs: environment.SIGNALBOX_RECONCILE * 1000,
        chores: [
          bus.recoverInbox,
          () => tendPlaces(world, rollouts),
          noteMembers(world),
          watchRoleSources(world),
          ringBells(world, intake),
          tendWatches(world),
          tendAlerts({
            world,
            rollouts,
            project: alerted,
            onCall: () => onCallOf(world, environment),
          }),
          boards.refresh,
          postDigests(world, rollouts),
          markReleases(world, () => markersOf(world.settings().settings, environment)),
        ],
      },
    );
    stops.push(worker.stop);
    const calibrating = repeat(world.log, 60_000, createStandingCalibration(world));
    stops.push(() => calibrating.stop());
  }
  const reminding = repeat(world.log, 10_000, remind(world, rollouts));
  stops.push(() => reminding.stop());
  const settings = await keepSettings(core, configuration);

  return {
    url: parts.serve ? web.url() : null,
    core,
    async stop() {
      settings.close();
      for (const stop of stops) await stop();
      await core.close();
    },
  };
}
