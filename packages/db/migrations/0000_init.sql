CREATE TABLE "assets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"preset_id" uuid NOT NULL,
	"external_id" text,
	"status" text DEFAULT 'awaiting_upload' NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"generation" integer DEFAULT 0 NOT NULL,
	"kind" text,
	"filename" text NOT NULL,
	"content_type" text NOT NULL,
	"byte_size" bigint NOT NULL,
	"sha256" text,
	"tags" text[] DEFAULT '{}' NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"width" integer,
	"height" integer,
	"duration_ms" integer,
	"page_count" integer,
	"animated" boolean,
	"placeholder" jsonb,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"original_object_id" uuid,
	"error" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"first_preview_at" timestamp (3) with time zone,
	"ready_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"source_expires_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone,
	"purged_at" timestamp (3) with time zone,
	CONSTRAINT "assets_project_id" UNIQUE("project_id","id"),
	CONSTRAINT "assets_status" CHECK ("assets"."status" IN ('awaiting_upload', 'processing', 'ready', 'partial', 'failed', 'expired', 'deleting', 'deleted'))
);
--> statement-breakpoint
CREATE TABLE "objects" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"asset_id" uuid NOT NULL,
	"bucket" text NOT NULL,
	"key" text NOT NULL,
	"state" text DEFAULT 'writing' NOT NULL,
	"version_id" text,
	"etag" text,
	"bytes" bigint,
	"sha256" text,
	"content_type" text,
	"lease_token" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"purge_at" timestamp (3) with time zone,
	"purge_until" timestamp (3) with time zone,
	CONSTRAINT "objects_key_unique" UNIQUE("key"),
	CONSTRAINT "objects_state" CHECK ("objects"."state" IN ('writing', 'live', 'doomed'))
);
--> statement-breakpoint
CREATE TABLE "uploads" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"asset_id" uuid NOT NULL,
	"object_id" uuid NOT NULL,
	"type" text DEFAULT 'single' NOT NULL,
	"content_type" text NOT NULL,
	"byte_size" bigint NOT NULL,
	"sha256" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"presign_expires_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"aborted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "variants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"asset_id" uuid NOT NULL,
	"name" text NOT NULL,
	"position" integer NOT NULL,
	"required" boolean NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"object_id" uuid,
	"content_type" text,
	"byte_size" bigint,
	"width" integer,
	"height" integer,
	"sha256" text,
	"fingerprint" text NOT NULL,
	"error" jsonb,
	CONSTRAINT "variants_name" UNIQUE("asset_id","name"),
	CONSTRAINT "variants_status" CHECK ("variants"."status" IN ('pending', 'ready', 'failed', 'skipped'))
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"project_id" uuid NOT NULL,
	"asset_id" uuid,
	"seq" integer NOT NULL,
	"type" text NOT NULL,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "job_attempts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"job_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"lease_token" uuid NOT NULL,
	"host" text NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"outcome" text,
	"peak_memory_bytes" bigint,
	"error" jsonb
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"asset_id" uuid,
	"name" text NOT NULL,
	"queue" text NOT NULL,
	"lane" text DEFAULT 'interactive' NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"generation" integer DEFAULT 0 NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"max_attempts" integer DEFAULT 8 NOT NULL,
	"available_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"dispatched_at" timestamp (3) with time zone,
	"dispatch_seq" integer DEFAULT 0 NOT NULL,
	"lease_token" uuid,
	"lease_until" timestamp (3) with time zone,
	"progress" double precision DEFAULT 0 NOT NULL,
	"stage" text,
	"error" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "jobs_status" CHECK ("jobs"."status" IN ('queued', 'running', 'succeeded', 'failed', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "presets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid,
	"name" text NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid,
	"short_id" text NOT NULL,
	"hash" text NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_short_id_unique" UNIQUE("short_id")
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "projects_name_unique" UNIQUE("name")
);
--> statement-breakpoint
ALTER TABLE "assets" ADD CONSTRAINT "assets_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assets" ADD CONSTRAINT "assets_preset_id_presets_id_fk" FOREIGN KEY ("preset_id") REFERENCES "public"."presets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "objects" ADD CONSTRAINT "objects_asset" FOREIGN KEY ("project_id","asset_id") REFERENCES "public"."assets"("project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_asset" FOREIGN KEY ("project_id","asset_id") REFERENCES "public"."assets"("project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "variants" ADD CONSTRAINT "variants_object_id_objects_id_fk" FOREIGN KEY ("object_id") REFERENCES "public"."objects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "variants" ADD CONSTRAINT "variants_asset" FOREIGN KEY ("project_id","asset_id") REFERENCES "public"."assets"("project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_attempts" ADD CONSTRAINT "job_attempts_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_asset_id_assets_id_fk" FOREIGN KEY ("asset_id") REFERENCES "public"."assets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "presets" ADD CONSTRAINT "presets_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "assets_external_id" ON "assets" USING btree ("project_id","external_id") WHERE deleted_at IS NULL AND external_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX "assets_by_project" ON "assets" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "assets_by_status" ON "assets" USING btree ("project_id","status","id");--> statement-breakpoint
CREATE INDEX "assets_to_expire" ON "assets" USING btree ("expires_at") WHERE status = 'awaiting_upload';--> statement-breakpoint
CREATE INDEX "assets_source_to_expire" ON "assets" USING btree ("source_expires_at") WHERE source_expires_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX "assets_by_tag" ON "assets" USING gin ("tags");--> statement-breakpoint
CREATE INDEX "objects_by_asset" ON "objects" USING btree ("asset_id");--> statement-breakpoint
CREATE INDEX "objects_to_purge" ON "objects" USING btree ("purge_at") WHERE state = 'doomed';--> statement-breakpoint
CREATE INDEX "uploads_by_asset" ON "uploads" USING btree ("asset_id");--> statement-breakpoint
CREATE INDEX "events_by_asset" ON "events" USING btree ("asset_id","seq");--> statement-breakpoint
CREATE INDEX "events_by_project" ON "events" USING btree ("project_id","xid","id");--> statement-breakpoint
CREATE INDEX "job_attempts_by_job" ON "job_attempts" USING btree ("job_id","attempt");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_one_active_per_asset" ON "jobs" USING btree ("asset_id") WHERE status IN ('queued', 'running');--> statement-breakpoint
CREATE INDEX "jobs_by_asset" ON "jobs" USING btree ("asset_id","id");--> statement-breakpoint
CREATE INDEX "jobs_to_dispatch" ON "jobs" USING btree ("queue","lane","project_id","available_at") WHERE status = 'queued';--> statement-breakpoint
CREATE INDEX "jobs_leased" ON "jobs" USING btree ("lease_until") WHERE status = 'running';--> statement-breakpoint
CREATE INDEX "jobs_by_project" ON "jobs" USING btree ("project_id","status","id");--> statement-breakpoint
CREATE UNIQUE INDEX "presets_name_version" ON "presets" USING btree (coalesce("project_id", '00000000-0000-0000-0000-000000000000'),"name","version");--> statement-breakpoint
CREATE INDEX "api_keys_project" ON "api_keys" USING btree ("project_id");