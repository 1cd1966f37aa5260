import { firingGroups } from '#app/alerts/alert-stream.ts';
import { suspectsNow } from '#app/alerts/suspects-now.ts';
import { defineCommand } from '#app/command.ts';
import { environment, service } from '#app/command-field.ts';
import { nameEnvironment, nameService } from '#app/name-place.ts';
import { aimsOf } from '#core/alerts/group.ts';
import { alertsView } from '#core/cards/alerts-view.ts';
import { ok } from '#core/result.ts';

/** What rings now, and which releases are suspected. */
export const alerts = defineCommand({
  name: 'alerts',
  summary: 'Shows which alerts fire now and which releases may have caused them.',
  permission: 'view',
  fields: {
    service: service('Only about this service.').optional(),
    environment: environment('Only there.', { introducedBy: 'in' }).optional(),
  },
  examples: ['alerts', 'alerts shop', 'alerts shop in production'],
  scopeOf(input, { settings }) {
    const named = input.service === undefined ? ok(null) : nameService(settings, input.service);
    if (!named.ok) return named;
    const where =
      input.environment === undefined ? ok(null) : nameEnvironment(settings, input.environment);
    if (!where.ok) return where;
    return ok({ service: input.service ?? null, environment: input.environment ?? null });
  },
  async run(context, input) {
    const shown = await context.read(async (tx) => {
      const all = await firingGroups(tx);
      const groups = all.filter((group) => {
        const aims = aimsOf(group);
        const any = input.service === undefined && input.environment === undefined;
        return (
          any ||
          aims.some(
            (aim) =>
              (input.service ?? aim.service) === aim.service &&
              (input.environment ?? aim.environment) === aim.environment,
          )
        );
      });
      const rows = [];
      for (const group of groups.slice(0, 30)) {
        rows.push({ group, suspects: await suspectsNow(tx, group) });
      }
      return rows;
    });
    const configured = context.settings.settings.alerts !== undefined;
    return ok({ view: alertsView(shown, configured), data: shown.map(({ group }) => group) });
  },
});
