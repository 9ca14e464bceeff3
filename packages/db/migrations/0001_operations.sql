CREATE TABLE "alarms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"subject" text DEFAULT '' NOT NULL,
	"message" text NOT NULL,
	"count" integer DEFAULT 1 NOT NULL,
	"raised_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"cleared_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"event_id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"bucket" text NOT NULL,
	"key" text NOT NULL,
	"version_id" text,
	"byte_size" bigint,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"processed_at" timestamp (3) with time zone,
	"outcome" text
);
--> statement-breakpoint
CREATE TABLE "quarantine" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid,
	"sha256" text NOT NULL,
	"crashes" integer DEFAULT 0 NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"released_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "queue_states" (
	"queue" text PRIMARY KEY NOT NULL,
	"paused_at" timestamp (3) with time zone,
	"paused_by" text,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "task_turns" (
	"task" text PRIMARY KEY NOT NULL,
	"begun_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"host" text NOT NULL,
	"version" text NOT NULL,
	"queues" text[] NOT NULL,
	"slots" integer NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"draining_at" timestamp (3) with time zone
);
--> statement-breakpoint
DROP INDEX "jobs_to_dispatch";--> statement-breakpoint
ALTER TABLE "assets" ADD COLUMN "receipt" jsonb;--> statement-breakpoint
ALTER TABLE "uploads" ADD COLUMN "store_upload_id" text;--> statement-breakpoint
ALTER TABLE "uploads" ADD COLUMN "part_size" bigint;--> statement-breakpoint
ALTER TABLE "uploads" ADD COLUMN "part_count" integer;--> statement-breakpoint
ALTER TABLE "uploads" ADD COLUMN "bytes_seen_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "uploads" ADD COLUMN "next_check_at" timestamp (3) with time zone DEFAULT now() + interval '2 minutes' NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "is_reserved" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "source_sha256" text;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "max_concurrency" integer;--> statement-breakpoint
ALTER TABLE "quarantine" ADD CONSTRAINT "quarantine_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "alarms_open" ON "alarms" USING btree ("code","subject") WHERE cleared_at IS NULL;--> statement-breakpoint
CREATE INDEX "inbox_open" ON "inbox" USING btree ("received_at") WHERE outcome IS NULL;--> statement-breakpoint
CREATE INDEX "inbox_by_object" ON "inbox" USING btree ("bucket","key");--> statement-breakpoint
CREATE UNIQUE INDEX "quarantine_content" ON "quarantine" USING btree ("sha256",coalesce("project_id", '00000000-0000-0000-0000-000000000000')) WHERE released_at IS NULL;--> statement-breakpoint
CREATE INDEX "assets_to_promote" ON "assets" USING btree ("confirmed_at") WHERE original_object_id IS NULL AND status IN ('processing', 'failed');--> statement-breakpoint
CREATE INDEX "objects_by_run" ON "objects" USING btree ("lease_token") WHERE state = 'writing';--> statement-breakpoint
CREATE INDEX "uploads_to_check" ON "uploads" USING btree ("next_check_at") WHERE confirmed_at IS NULL AND aborted_at IS NULL;--> statement-breakpoint
CREATE INDEX "jobs_dispatched" ON "jobs" USING btree ("queue","dispatched_at") WHERE status = 'queued' AND dispatched_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("available_at") WHERE status = 'queued';--> statement-breakpoint
CREATE INDEX "jobs_by_status" ON "jobs" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "jobs_by_queue" ON "jobs" USING btree ("queue","status","id");--> statement-breakpoint
CREATE INDEX "jobs_by_lane" ON "jobs" USING btree ("lane","status","id");--> statement-breakpoint
CREATE INDEX "jobs_by_name" ON "jobs" USING btree ("name","status","id");--> statement-breakpoint
CREATE INDEX "jobs_failed_by_code" ON "jobs" USING btree ((error->>'code'),"id") WHERE status = 'failed';--> statement-breakpoint
CREATE INDEX "jobs_by_source" ON "jobs" USING btree ("project_id","source_sha256") WHERE source_sha256 IS NOT NULL;--> statement-breakpoint
CREATE INDEX "jobs_to_dispatch" ON "jobs" USING btree ("queue","lane","project_id","available_at","id") WHERE status = 'queued' AND dispatched_at IS NULL;