/**
 * The closed list of refusal codes with one line each. Codes are API: additive only.
 * `docs/codes.md` has a heading per code; a test compares the two.
 */
export const refusalCodes = {
  'command.unknown': 'No command of that name.',
  'command.syntax': 'The command could not be read.',
  'command.too_long': 'The command is longer than 2,000 characters.',
  'command.not_here': 'This command is not served in this channel or context.',
  'command.duplicate': 'This delivery was already handled.',
  'service.unknown': 'No service of that name is configured.',
  'environment.unknown': 'No environment of that name is configured.',
  'environment.not_for_service': 'The service is not configured for that environment.',
  'version.unknown': 'The registry has no such version of the service.',
  'version.already_live': 'That version already runs there.',
  'version.held': 'That version was rolled back and is on hold there.',
  'rollout.unknown': 'There is no such rollout.',
  'rollout.ended': 'The rollout has already ended.',
  'rollout.wrong_phase': 'The rollout is not in a phase that allows this.',
  'rollout.none_active': 'Nothing is rolling out there.',
  'rollout.no_previous': 'There is no earlier release to go back to.',
  'rollout.beyond_return': 'A step that cannot be undone has passed.',
  'rollout.already_requested': 'The same release is already requested there.',
  'plan.unmakeable': 'No plan can be made from this request.',
  'plan.superseded': 'The card belongs to an earlier plan.',
  'plan.mismatch': 'The button does not match the stored plan.',
  'promotion.not_verified': 'The version has not been verified in the environment before.',
  'promotion.no_next': 'There is no next environment.',
  'approval.not_needed': 'Nothing here waits for approval.',
  'approval.self': 'Nobody approves their own request.',
  'approval.twice': 'This person has already decided.',
  'approval.expired': 'The request for approval has expired.',
  'approval.not_given': 'This person has no approval here to revoke.',
  'access.not_linked': 'The account is not linked to a person.',
  'access.missing_role': 'The person does not hold a role that permits this.',
  'access.membership_unknown': 'Membership could not be established, and unknown means no.',
  'access.guest': 'Guests hold no roles.',
  'access.external': 'People from outside the organisation hold no roles.',
  'access.bot': 'Bots hold no roles.',
  'access.inactive': 'The account is deactivated.',
  'access.too_new': 'The person has not held the role for long enough.',
  'access.wrong_tenant': 'The account belongs to another workspace or server.',
  'access.wrong_context': 'Commands are not served in this context.',
  'access.unauthenticated': 'No valid credentials were presented.',
  'link.expired': 'The link has expired or was already used.',
  'link.already_linked': 'The account is already linked to a person.',
  'link.wrong_person': 'The link was made for somebody else.',
  'lock.held': 'Somebody holds a lock there.',
  'lock.none': 'There is no lock there.',
  'lock.not_owner': 'The lock belongs to somebody else.',
  'freeze.unknown': 'There is no such freeze.',
  'reason.required': 'A reason is required.',
  'override.rate_limited': 'Break-glass was used too often in a short time.',
  'gate.not_overridable': 'This gate cannot be overridden.',
  'action.unknown': 'The button is unknown or has expired.',
  'action.stale': 'The card is out of date.',
  'time.syntax': 'The duration or time could not be read.',
  'alert.not_configured': 'The settings do not say what to do with alerts.',
  'alert.unknown_receiver': 'No receiver of that name may send alerts.',
  'alert.unknown': 'There is no such alert.',
  'alert.not_suspected': 'The release is no suspect of the alert.',
  'alert.came_first': 'The alert began before the release had any traffic.',
  'alert.known_cause': 'The alert is held against the release already.',
  'judge.no_samples': 'Nothing that was judged is stored for it.',
  'judge.bad_setting': 'The analysis does not allow that setting.',
  'changes.not_configured': 'Nothing says where the changes of the service are.',
  'import.unreadable': 'The form to import could not be read.',
  'system.halted': 'Signalbox has halted: its history does not match its newest anchor.',
  'system.unavailable': 'Something Signalbox depends on is out of reach; nothing was done.',
  'system.incident': 'Signalbox itself made a mistake; it is recorded under an incident number.',
  'request.too_many': 'More requests came in a short time than are accepted.',
  'request.too_large': 'The request is larger than is accepted.',
  'request.unreadable': 'The request is not in a form that is understood.',
  'request.bad_signature': 'The signature of the request is missing, wrong or too old.',
} as const satisfies Record<string, string>;

/** A stable, documented name for one kind of expected "no". */
export type RefusalCode = keyof typeof refusalCodes;

/**
 * An expected "no", returned and never thrown.
 * `message` says what was wrong with the values at hand; `next` says what to do about it.
 */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly next: string;
}

/** Builds a refusal. Both texts are plain, complete sentences without markup. */
export function refusal(code: RefusalCode, message: string, next: string): Refusal {
  return { code, message, next };
}
