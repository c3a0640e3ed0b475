"""Let the erasure of a subject mask persons in the trail; all else stays append-only."""

from django.db import migrations

MASKABLE = """
CREATE FUNCTION qa_refuse_audit_change_unless_erasing() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('qa.erasing_subject', true), '') <> 'on' THEN
        RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER audit_is_append_only ON qa_audit_entries;
CREATE TRIGGER audit_is_append_only
    BEFORE DELETE OR UPDATE OF id, at, actor_id, action, target_type, request_id
    ON qa_audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION qa_refuse_audit_change();
CREATE TRIGGER audit_names_change_by_erasure_only
    BEFORE UPDATE OF actor_name, target_id, before, after, reason
    ON qa_audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION qa_refuse_audit_change_unless_erasing();
"""
UNCHANGEABLE = """
DROP TRIGGER audit_names_change_by_erasure_only ON qa_audit_entries;
DROP TRIGGER audit_is_append_only ON qa_audit_entries;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON qa_audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION qa_refuse_audit_change();
DROP FUNCTION qa_refuse_audit_change_unless_erasing();
"""


class Migration(migrations.Migration):
    dependencies = [("qa_observability", "0003_weekly_report_rights")]

    operations = [migrations.RunSQL(MASKABLE, UNCHANGEABLE)]
