CREATE TABLE "project_deletions" (
	"project_id" uuid PRIMARY KEY NOT NULL,
	"requested_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"requested_by" text NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"round_starts_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"cursor" uuid,
	"assets" integer DEFAULT 0 NOT NULL,
	"objects" bigint DEFAULT 0 NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"keys" integer DEFAULT 0 NOT NULL,
	"webhooks" integer DEFAULT 0 NOT NULL,
	"presets" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "projects" DROP CONSTRAINT "projects_name_unique";--> statement-breakpoint
ALTER TABLE "takedowns" DROP CONSTRAINT "takedowns_asset_id_assets_id_fk";
--> statement-breakpoint
DROP INDEX "inbox_by_object";--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "deletes_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "deleted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "project_deletions" ADD CONSTRAINT "project_deletions_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "project_deletions_active" ON "project_deletions" USING btree ("project_id") WHERE finished_at IS NULL;--> statement-breakpoint
CREATE INDEX "assets_by_preset" ON "assets" USING btree ("preset_id");--> statement-breakpoint
CREATE INDEX "backfill_items_by_asset" ON "backfill_items" USING btree ("asset_id");--> statement-breakpoint
CREATE INDEX "backfill_items_by_job" ON "backfill_items" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "alarms_by_subject" ON "alarms" USING btree ("subject");--> statement-breakpoint
CREATE UNIQUE INDEX "projects_name" ON "projects" USING btree ("name") WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX "inbox_by_object" ON "inbox" USING btree ("bucket","key" text_pattern_ops);--> statement-breakpoint
-- By hand: a project that is being deleted takes nothing new, also from a process that stood still since it let a request in.
-- The lock is shared by all who add rows, and keeps the deletion from beginning between this look and their commit.
CREATE FUNCTION refuse_closed_project() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	closes timestamptz;
BEGIN
	SELECT deletes_at INTO closes FROM projects WHERE id = NEW.project_id FOR KEY SHARE;
	IF closes IS NOT NULL THEN
		RAISE EXCEPTION 'project % is being deleted', NEW.project_id USING ERRCODE = 'DRP01';
	END IF;
	RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER assets_closed BEFORE INSERT ON assets FOR EACH ROW EXECUTE FUNCTION refuse_closed_project();--> statement-breakpoint
CREATE TRIGGER api_keys_closed BEFORE INSERT ON api_keys FOR EACH ROW WHEN (NEW.project_id IS NOT NULL)
	EXECUTE FUNCTION refuse_closed_project();--> statement-breakpoint
CREATE TRIGGER presets_closed BEFORE INSERT ON presets FOR EACH ROW WHEN (NEW.project_id IS NOT NULL)
	EXECUTE FUNCTION refuse_closed_project();--> statement-breakpoint
CREATE TRIGGER webhook_endpoints_closed BEFORE INSERT ON webhook_endpoints FOR EACH ROW
	EXECUTE FUNCTION refuse_closed_project();--> statement-breakpoint
CREATE TRIGGER backfills_closed BEFORE INSERT ON backfills FOR EACH ROW EXECUTE FUNCTION refuse_closed_project();
