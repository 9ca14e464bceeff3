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
ALTER TABLE "assets" ADD COLUMN "probe" jsonb;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "preset_id" uuid;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "engines" jsonb;--> statement-breakpoint
ALTER TABLE "backfill_items" ADD CONSTRAINT "backfill_items_backfill_id_backfills_id_fk" FOREIGN KEY ("backfill_id") REFERENCES "public"."backfills"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backfill_items" ADD CONSTRAINT "backfill_items_asset_id_assets_id_fk" FOREIGN KEY ("asset_id") REFERENCES "public"."assets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backfill_items" ADD CONSTRAINT "backfill_items_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backfills" ADD CONSTRAINT "backfills_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backfills" ADD CONSTRAINT "backfills_preset_id_presets_id_fk" FOREIGN KEY ("preset_id") REFERENCES "public"."presets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "backfill_items_open" ON "backfill_items" USING btree ("backfill_id") WHERE outcome IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "backfills_one_active" ON "backfills" USING btree ("project_id") WHERE status IN ('running', 'paused');--> statement-breakpoint
CREATE INDEX "backfills_by_project" ON "backfills" USING btree ("project_id","id");