import { type AuditFilter, type ClinicSettings, commands, type StaffRequest } from "../../bindings.gen";
import { call } from "../../lib/call";

export type { AuditEventView, AuditFilter, AuditVerification, ClinicSettings, Role, StaffView } from "../../bindings.gen";

export const staff = () => call(commands.staff());
export const addStaff = (request: StaffRequest) => call(commands.addStaff(request));
export const auditEvents = (filter: AuditFilter) => call(commands.auditEvents(filter));
export const verifyAudit = () => call(commands.verifyAudit());
export const clinicSettings = () => call(commands.clinicSettings());
export const saveClinicSettings = (settings: ClinicSettings) => call(commands.saveClinicSettings(settings));
