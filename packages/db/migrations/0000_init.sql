CREATE TABLE "asset_tags" (
	"project_id" uuid NOT NULL,
	"tag" text NOT NULL,
	"asset_id" uuid NOT NULL,
	CONSTRAINT "asset_tags_pkey" PRIMARY KEY("project_id","tag","asset_id")
);
--> statement-breakpoint
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
	"folder" text DEFAULT '' NOT NULL,
	"tags" text[] DEFAULT '{}' NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"width" integer,
	"height" integer,
	"duration_ms" integer,
	"page_count" integer,
	"animated" boolean,
	"placeholder" jsonb,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"probe" jsonb,
	"original_object_id" uuid,
	"error" jsonb,
	"warnings" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"first_preview_at" timestamp (3) with time zone,
	"ready_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"source_expires_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone,
	"taken_down_at" timestamp (3) with time zone,
	"purged_at" timestamp (3) with time zone,
	"receipt" jsonb,
	"cdn_purged_at" timestamp (3) with time zone,
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
	"store_upload_id" text,
	"part_size" bigint,
	"part_count" integer,
	"content_type" text NOT NULL,
	"byte_size" bigint NOT NULL,
	"sha256" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"presign_expires_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"aborted_at" timestamp (3) with time zone,
	"bytes_seen_at" timestamp (3) with time zone,
	"next_check_at" timestamp (3) with time zone DEFAULT now() + interval '2 minutes' NOT NULL
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
CREATE TABLE "backfill_items" (
	"backfill_id" uuid NOT NULL,
	"asset_id" uuid NOT NULL,
	"job_id" uuid NOT NULL,
	"outcome" text,
	"code" text,
	CONSTRAINT "backfill_items_backfill_id_asset_id_pk" PRIMARY KEY("backfill_id","asset_id")
);
--> statement-breakpoint
CREATE TABLE "backfills" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"preset_id" uuid NOT NULL,
	"filter" jsonb NOT NULL,
	"status" text DEFAULT 'running' NOT NULL,
	"reason" text,
	"paused_by" text,
	"canary" integer NOT NULL,
	"canary_passed_at" timestamp (3) with time zone,
	"rate_per_minute" integer,
	"paced_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"cursor" uuid,
	"last_asset_id" uuid NOT NULL,
	"walked_at" timestamp (3) with time zone,
	"total" integer NOT NULL,
	"started" integer DEFAULT 0 NOT NULL,
	"succeeded" integer DEFAULT 0 NOT NULL,
	"partial" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"cancelled" integer DEFAULT 0 NOT NULL,
	"skipped" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"failures" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "cdn_purges" (
	"asset_id" uuid PRIMARY KEY NOT NULL,
	"keys" text[] NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"available_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shares" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"asset_id" uuid NOT NULL,
	"token_hash" text NOT NULL,
	"variant" text,
	"expires_at" timestamp (3) with time zone,
	"max_downloads" integer,
	"downloads" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "shares_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "takedowns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"asset_id" uuid NOT NULL,
	"sha256" text,
	"is_everywhere" boolean DEFAULT false NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"lifted_at" timestamp (3) with time zone,
	"lifted_by" text,
	"lift_reason" text,
	CONSTRAINT "takedowns_asset_id_unique" UNIQUE("asset_id")
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
CREATE TABLE "folder_deltas" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"folder" text NOT NULL,
	"assets" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "folder_totals" (
	"project_id" uuid NOT NULL,
	"parent" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"assets" bigint NOT NULL,
	CONSTRAINT "folder_totals_pkey" PRIMARY KEY("project_id","parent","name")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"project_id" uuid NOT NULL,
	"route" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"claim_token" uuid NOT NULL,
	"claimed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"completed_at" timestamp (3) with time zone,
	"outcome" jsonb,
	CONSTRAINT "idempotency_keys_project_id_route_key_pk" PRIMARY KEY("project_id","route","key")
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"asset_id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"url" text,
	"shown_url" text NOT NULL,
	"content_type" text,
	"arrived_at" timestamp (3) with time zone
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
	"preset_id" uuid,
	"only_variants" text[],
	"lane" text DEFAULT 'interactive' NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"generation" integer DEFAULT 0 NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"max_attempts" integer DEFAULT 8 NOT NULL,
	"available_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"dispatched_at" timestamp (3) with time zone,
	"dispatch_seq" integer DEFAULT 0 NOT NULL,
	"is_reserved" boolean DEFAULT false NOT NULL,
	"lease_token" uuid,
	"lease_until" timestamp (3) with time zone,
	"source_sha256" text,
	"progress" double precision DEFAULT 0 NOT NULL,
	"stage" text,
	"error" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "jobs_status" CHECK ("jobs"."status" IN ('queued', 'running', 'succeeded', 'failed', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "moves" (
	"project_id" uuid PRIMARY KEY NOT NULL,
	"requested_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"round_started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"cursor" uuid,
	"found" integer DEFAULT 0 NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
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
CREATE TABLE "task_leases" (
	"task" text PRIMARY KEY NOT NULL,
	"begun_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"open_until" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"host" text NOT NULL,
	"version" text NOT NULL,
	"queues" text[] NOT NULL,
	"lacks" text[] DEFAULT '{}' NOT NULL,
	"engines" jsonb,
	"slots" integer NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"draining_at" timestamp (3) with time zone
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
	"expires_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_short_id_unique" UNIQUE("short_id")
);
--> statement-breakpoint
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
CREATE TABLE "projects" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"max_concurrency" integer,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"allowed_types" text[],
	"detect_type_by_content" boolean DEFAULT false NOT NULL,
	"max_upload_bytes" bigint,
	"quota_bytes" bigint,
	"requests_per_minute" integer,
	"max_open_uploads" integer,
	"default_preset" text,
	"cdn_base_url" text,
	"delivery_revision" integer DEFAULT 0 NOT NULL,
	"browser_origins" text[] DEFAULT '{}' NOT NULL,
	"fail_on" text[] DEFAULT '{}' NOT NULL,
	"is_private" boolean DEFAULT false NOT NULL,
	"deletes_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "rate_windows" (
	"subject" text PRIMARY KEY NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"count" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_deltas" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"objects" bigint DEFAULT 0 NOT NULL,
	"open_bytes" bigint DEFAULT 0 NOT NULL,
	"open_uploads" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_totals" (
	"project_id" uuid PRIMARY KEY NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"objects" bigint DEFAULT 0 NOT NULL,
	"open_bytes" bigint DEFAULT 0 NOT NULL,
	"open_uploads" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_attempts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"delivery_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"duration_ms" integer NOT NULL,
	"status" integer,
	"answer" text,
	"error" jsonb
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"event_id" bigint,
	"type" text NOT NULL,
	"body" text NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"lease_token" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"settled_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"url" text NOT NULL,
	"description" text NOT NULL,
	"event_types" text[],
	"secret" text NOT NULL,
	"previous_secret" text,
	"previous_secret_until" timestamp (3) with time zone,
	"disabled_at" timestamp (3) with time zone,
	"disabled_reason" text,
	"failing_since" timestamp (3) with time zone,
	"last_error" jsonb,
	"cursor_xid" "xid8" DEFAULT pg_snapshot_xmin(pg_current_snapshot()) NOT NULL,
	"cursor_id" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "assets" ADD CONSTRAINT "assets_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assets" ADD CONSTRAINT "assets_preset_id_presets_id_fk" FOREIGN KEY ("preset_id") REFERENCES "public"."presets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "objects" ADD CONSTRAINT "objects_asset" FOREIGN KEY ("project_id","asset_id") REFERENCES "public"."assets"("project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_asset" FOREIGN KEY ("project_id","asset_id") REFERENCES "public"."assets"("project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "variants" ADD CONSTRAINT "variants_object_id_objects_id_fk" FOREIGN KEY ("object_id") REFERENCES "public"."objects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "variants" ADD CONSTRAINT "variants_asset" FOREIGN KEY ("project_id","asset_id") REFERENCES "public"."assets"("project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backfill_items" ADD CONSTRAINT "backfill_items_backfill_id_backfills_id_fk" FOREIGN KEY ("backfill_id") REFERENCES "public"."backfills"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backfill_items" ADD CONSTRAINT "backfill_items_asset_id_assets_id_fk" FOREIGN KEY ("asset_id") REFERENCES "public"."assets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backfill_items" ADD CONSTRAINT "backfill_items_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backfills" ADD CONSTRAINT "backfills_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backfills" ADD CONSTRAINT "backfills_preset_id_presets_id_fk" FOREIGN KEY ("preset_id") REFERENCES "public"."presets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cdn_purges" ADD CONSTRAINT "cdn_purges_asset_id_assets_id_fk" FOREIGN KEY ("asset_id") REFERENCES "public"."assets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shares" ADD CONSTRAINT "shares_asset" FOREIGN KEY ("project_id","asset_id") REFERENCES "public"."assets"("project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "takedowns" ADD CONSTRAINT "takedowns_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_asset" FOREIGN KEY ("project_id","asset_id") REFERENCES "public"."assets"("project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_attempts" ADD CONSTRAINT "job_attempts_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_asset_id_assets_id_fk" FOREIGN KEY ("asset_id") REFERENCES "public"."assets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "moves" ADD CONSTRAINT "moves_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quarantine" ADD CONSTRAINT "quarantine_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "presets" ADD CONSTRAINT "presets_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_deletions" ADD CONSTRAINT "project_deletions_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_attempts" ADD CONSTRAINT "webhook_attempts_delivery_id_webhook_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."webhook_deliveries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_id_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "public"."webhook_endpoints"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "assets_external_id" ON "assets" USING btree ("project_id","external_id") WHERE deleted_at IS NULL AND external_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX "assets_by_project" ON "assets" USING btree ("project_id","id") WHERE purged_at IS NULL AND taken_down_at IS NULL;--> statement-breakpoint
CREATE INDEX "assets_by_status_kind" ON "assets" USING btree ("project_id","status","kind",(uuid_send(id))) WHERE purged_at IS NULL AND taken_down_at IS NULL;--> statement-breakpoint
CREATE INDEX "assets_by_filename" ON "assets" USING btree ("project_id","kind",(left(filename, 120)),"id") WHERE purged_at IS NULL AND taken_down_at IS NULL;--> statement-breakpoint
CREATE INDEX "assets_by_byte_size" ON "assets" USING btree ("project_id","kind","byte_size","id") WHERE purged_at IS NULL AND taken_down_at IS NULL;--> statement-breakpoint
CREATE INDEX "assets_by_folder" ON "assets" USING btree ("folder","project_id","id") WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX "assets_by_folder_filename" ON "assets" USING btree ("folder","project_id",(left(filename, 120)),"id") WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX "assets_by_content" ON "assets" USING btree ("sha256","project_id","id") WHERE sha256 IS NOT NULL AND deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX "assets_unsettled" ON "assets" USING btree ("confirmed_at") WHERE status = 'processing';--> statement-breakpoint
CREATE INDEX "assets_to_promote" ON "assets" USING btree ("confirmed_at") WHERE original_object_id IS NULL AND status IN ('processing', 'failed');--> statement-breakpoint
CREATE INDEX "assets_to_expire" ON "assets" USING btree ("expires_at") WHERE status = 'awaiting_upload';--> statement-breakpoint
CREATE INDEX "assets_source_to_expire" ON "assets" USING btree ("source_expires_at") WHERE source_expires_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX "assets_by_preset" ON "assets" USING btree ("preset_id");--> statement-breakpoint
CREATE INDEX "objects_by_asset" ON "objects" USING btree ("asset_id");--> statement-breakpoint
CREATE INDEX "objects_by_run" ON "objects" USING btree ("lease_token") WHERE state = 'writing';--> statement-breakpoint
CREATE INDEX "objects_to_purge" ON "objects" USING btree ("purge_at") WHERE state = 'doomed';--> statement-breakpoint
CREATE INDEX "uploads_by_asset" ON "uploads" USING btree ("asset_id");--> statement-breakpoint
CREATE INDEX "uploads_to_check" ON "uploads" USING btree ("next_check_at") WHERE confirmed_at IS NULL AND aborted_at IS NULL;--> statement-breakpoint
CREATE INDEX "variants_by_object" ON "variants" USING btree ("object_id");--> statement-breakpoint
CREATE INDEX "backfill_items_open" ON "backfill_items" USING btree ("backfill_id") WHERE outcome IS NULL;--> statement-breakpoint
CREATE INDEX "backfill_items_by_asset" ON "backfill_items" USING btree ("asset_id");--> statement-breakpoint
CREATE INDEX "backfill_items_by_job" ON "backfill_items" USING btree ("job_id");--> statement-breakpoint
CREATE UNIQUE INDEX "backfills_one_active" ON "backfills" USING btree ("project_id") WHERE status IN ('running', 'paused');--> statement-breakpoint
CREATE INDEX "backfills_by_project" ON "backfills" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "cdn_purges_due" ON "cdn_purges" USING btree ("available_at");--> statement-breakpoint
CREATE INDEX "shares_by_asset" ON "shares" USING btree ("asset_id","id");--> statement-breakpoint
CREATE INDEX "takedowns_by_project" ON "takedowns" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "takedowns_by_content" ON "takedowns" USING btree ("sha256","id") WHERE sha256 IS NOT NULL;--> statement-breakpoint
CREATE INDEX "events_by_asset" ON "events" USING btree ("asset_id","seq");--> statement-breakpoint
CREATE INDEX "events_by_project" ON "events" USING btree ("project_id","xid","id");--> statement-breakpoint
CREATE INDEX "folder_deltas_by_project" ON "folder_deltas" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "folder_totals_empty" ON "folder_totals" USING btree ("project_id") WHERE assets = 0;--> statement-breakpoint
CREATE INDEX "idempotency_keys_by_age" ON "idempotency_keys" USING btree ("claimed_at");--> statement-breakpoint
CREATE INDEX "job_attempts_by_job" ON "job_attempts" USING btree ("job_id","attempt");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_one_active_per_asset" ON "jobs" USING btree ("asset_id") WHERE status IN ('queued', 'running');--> statement-breakpoint
CREATE INDEX "jobs_by_asset" ON "jobs" USING btree ("asset_id","id");--> statement-breakpoint
CREATE INDEX "jobs_to_dispatch" ON "jobs" USING btree ("queue","lane","project_id","available_at","id") WHERE status = 'queued' AND dispatched_at IS NULL;--> statement-breakpoint
CREATE INDEX "jobs_dispatched" ON "jobs" USING btree ("queue","dispatched_at") WHERE status = 'queued' AND dispatched_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("available_at") WHERE status = 'queued';--> statement-breakpoint
CREATE INDEX "jobs_leased" ON "jobs" USING btree ("lease_until") WHERE status = 'running';--> statement-breakpoint
CREATE INDEX "jobs_by_work" ON "jobs" USING btree ("status","queue","lane","name","id");--> statement-breakpoint
CREATE INDEX "jobs_by_project" ON "jobs" USING btree ("project_id","status","queue","lane","name","id");--> statement-breakpoint
CREATE INDEX "jobs_by_code" ON "jobs" USING btree ((error->>'code'),"status","queue","lane","name","id") WHERE error IS NOT NULL;--> statement-breakpoint
CREATE INDEX "jobs_by_project_code" ON "jobs" USING btree ("project_id",(error->>'code'),"status","queue","lane","name","id") WHERE error IS NOT NULL;--> statement-breakpoint
CREATE INDEX "jobs_by_source" ON "jobs" USING btree ("project_id","source_sha256") WHERE source_sha256 IS NOT NULL;--> statement-breakpoint
CREATE INDEX "moves_active" ON "moves" USING btree ("project_id") WHERE finished_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "alarms_open" ON "alarms" USING btree ("code","subject") WHERE cleared_at IS NULL;--> statement-breakpoint
CREATE INDEX "alarms_by_subject" ON "alarms" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "inbox_open" ON "inbox" USING btree ("received_at") WHERE outcome IS NULL;--> statement-breakpoint
CREATE INDEX "inbox_by_object" ON "inbox" USING btree ("bucket","key" text_pattern_ops);--> statement-breakpoint
CREATE UNIQUE INDEX "quarantine_content" ON "quarantine" USING btree ("sha256",coalesce("project_id", '00000000-0000-0000-0000-000000000000')) WHERE released_at IS NULL;--> statement-breakpoint
CREATE INDEX "quarantine_by_project" ON "quarantine" USING btree ("project_id","id") WHERE released_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "presets_name_version" ON "presets" USING btree (coalesce("project_id", '00000000-0000-0000-0000-000000000000'),"name","version");--> statement-breakpoint
CREATE INDEX "api_keys_project" ON "api_keys" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "project_deletions_active" ON "project_deletions" USING btree ("project_id") WHERE finished_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "projects_name" ON "projects" USING btree ("name") WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX "usage_deltas_by_project" ON "usage_deltas" USING btree ("project_id");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_attempts_of_delivery" ON "webhook_attempts" USING btree ("delivery_id","attempt");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_deliveries_once" ON "webhook_deliveries" USING btree ("endpoint_id","event_id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_by_status" ON "webhook_deliveries" USING btree ("endpoint_id","status","id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("endpoint_id","next_attempt_at") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_under_way" ON "webhook_deliveries" USING btree ("endpoint_id") WHERE lease_token IS NOT NULL;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_settled" ON "webhook_deliveries" USING btree ("settled_at") WHERE settled_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX "webhook_endpoints_by_project" ON "webhook_endpoints" USING btree ("project_id");--> statement-breakpoint
-- By hand, from here on. Counters that may be forgotten need no log.
ALTER TABLE "rate_windows" SET UNLOGGED;--> statement-breakpoint
-- Usage is counted where rows change, so that no statement forgets it.
CREATE FUNCTION count_object_usage() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	was_live boolean := TG_OP <> 'INSERT' AND OLD.state = 'live';
	is_live boolean := TG_OP <> 'DELETE' AND NEW.state = 'live';
	bytes_before bigint := CASE WHEN was_live THEN coalesce(OLD.bytes, 0) ELSE 0 END;
	bytes_after bigint := CASE WHEN is_live THEN coalesce(NEW.bytes, 0) ELSE 0 END;
BEGIN
	IF was_live <> is_live OR bytes_before <> bytes_after THEN
		INSERT INTO usage_deltas (project_id, bytes, objects)
		VALUES (CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END,
			bytes_after - bytes_before, is_live::int - was_live::int);
	END IF;
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE FUNCTION count_upload_usage() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	was_open boolean := TG_OP <> 'INSERT' AND OLD.confirmed_at IS NULL AND OLD.aborted_at IS NULL;
	is_open boolean := TG_OP <> 'DELETE' AND NEW.confirmed_at IS NULL AND NEW.aborted_at IS NULL;
	bytes_before bigint := CASE WHEN was_open THEN OLD.byte_size ELSE 0 END;
	bytes_after bigint := CASE WHEN is_open THEN NEW.byte_size ELSE 0 END;
BEGIN
	IF was_open <> is_open OR bytes_before <> bytes_after THEN
		INSERT INTO usage_deltas (project_id, open_bytes, open_uploads)
		VALUES (CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END,
			bytes_after - bytes_before, is_open::int - was_open::int);
	END IF;
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER objects_usage AFTER INSERT OR DELETE OR UPDATE OF state, bytes ON objects
	FOR EACH ROW EXECUTE FUNCTION count_object_usage();--> statement-breakpoint
CREATE TRIGGER uploads_usage AFTER INSERT OR DELETE OR UPDATE OF confirmed_at, aborted_at, byte_size ON uploads
	FOR EACH ROW EXECUTE FUNCTION count_upload_usage();--> statement-breakpoint
-- A project that is being deleted takes nothing new, also from a process that stood still since it let a request in.
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
CREATE TRIGGER backfills_closed BEFORE INSERT ON backfills FOR EACH ROW EXECUTE FUNCTION refuse_closed_project();--> statement-breakpoint
-- Everything that a list filters assets by, as numbers of one project: whatever filters are given together, one
-- index knows what has all of them. It uses nothing but what Postgres brings along, because maintenance looks in no other schema.
CREATE FUNCTION "asset_terms"("project_id" uuid, "status" text, "kind" text, "folder" text, "tags" text[], "filename" text)
RETURNS bigint[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
DECLARE
	seed bigint := uuid_hash_extended(project_id, 0);
	name text := lower(filename);
	size int := length(name);
	-- What stands before each character and itself: letters and digits as `a`.
	words text := ' ' || regexp_replace(name, '[a-z0-9]', 'a', 'g');
	terms bigint[] := ARRAY[hashtextextended('status ' || status, seed), hashtextextended('folder ' || folder, seed)];
	tag text;
BEGIN
	IF kind IS NOT NULL THEN
		terms := terms || hashtextextended('kind ' || kind, seed);
	END IF;
	FOREACH tag IN ARRAY tags LOOP
		terms := terms || hashtextextended('tag ' || tag, seed);
	END LOOP;
	-- Every three characters in a row; where a word begins, also the first and the first two. In a loop, which is the fastest.
	FOR place IN 1 .. size LOOP
		IF place <= size - 2 THEN
			terms := terms || hashtextextended('name ' || substr(name, place, 3), seed);
		END IF;
		IF substr(words, place, 2) <> 'aa' THEN
			terms := terms || hashtextextended('name ' || substr(name, place, 1), seed);
			IF place < size THEN
				terms := terms || hashtextextended('name ' || substr(name, place, 2), seed);
			END IF;
		END IF;
	END LOOP;
	RETURN terms;
END $$;--> statement-breakpoint
CREATE INDEX "assets_by_terms" ON "assets"
	USING gin (asset_terms("project_id", "status", "kind", "folder", "tags", "filename")) WITH (gin_pending_list_limit = 256)
	WHERE purged_at IS NULL AND taken_down_at IS NULL;--> statement-breakpoint
CREATE FUNCTION "keep_asset_tags"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	before text[] := CASE WHEN TG_OP <> 'INSERT' AND OLD.purged_at IS NULL AND OLD.taken_down_at IS NULL THEN OLD.tags ELSE '{}' END;
	after text[] := CASE WHEN TG_OP <> 'DELETE' AND NEW.purged_at IS NULL AND NEW.taken_down_at IS NULL THEN NEW.tags ELSE '{}' END;
BEGIN
	IF before <> '{}' THEN
		DELETE FROM asset_tags
		WHERE project_id = OLD.project_id AND asset_id = OLD.id AND tag = ANY (before) AND tag <> ALL (after);
	END IF;
	IF after <> '{}' THEN
		INSERT INTO asset_tags (project_id, tag, asset_id)
		SELECT DISTINCT NEW.project_id, tag, NEW.id FROM unnest(after) AS tag WHERE tag <> ALL (before);
	END IF;
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "assets_tags_added" AFTER INSERT ON "assets"
	FOR EACH ROW WHEN (NEW.tags <> '{}') EXECUTE FUNCTION keep_asset_tags();--> statement-breakpoint
CREATE TRIGGER "assets_tags_changed" AFTER UPDATE OF "tags", "purged_at", "taken_down_at" ON "assets"
	FOR EACH ROW WHEN (OLD.tags <> '{}' OR NEW.tags <> '{}') EXECUTE FUNCTION keep_asset_tags();--> statement-breakpoint
CREATE TRIGGER "assets_tags_gone" AFTER DELETE ON "assets"
	FOR EACH ROW WHEN (OLD.tags <> '{}') EXECUTE FUNCTION keep_asset_tags();--> statement-breakpoint
CREATE FUNCTION "count_folders"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	before text := CASE WHEN TG_OP <> 'INSERT' AND OLD.deleted_at IS NULL THEN OLD.folder ELSE '' END;
	after text := CASE WHEN TG_OP <> 'DELETE' AND NEW.deleted_at IS NULL THEN NEW.folder ELSE '' END;
BEGIN
	IF before <> after THEN
		INSERT INTO folder_deltas (project_id, folder, assets)
		SELECT coalesce(NEW.project_id, OLD.project_id), folder, assets
		FROM (VALUES (before, -1), (after, 1)) AS moved (folder, assets) WHERE folder <> '';
	END IF;
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "assets_folder_added" AFTER INSERT ON "assets"
	FOR EACH ROW WHEN (NEW.folder <> '') EXECUTE FUNCTION count_folders();--> statement-breakpoint
CREATE TRIGGER "assets_folder_changed" AFTER UPDATE OF "folder", "deleted_at" ON "assets"
	FOR EACH ROW WHEN (OLD.folder <> '' OR NEW.folder <> '') EXECUTE FUNCTION count_folders();--> statement-breakpoint
CREATE TRIGGER "assets_folder_gone" AFTER DELETE ON "assets"
	FOR EACH ROW WHEN (OLD.folder <> '') EXECUTE FUNCTION count_folders();
