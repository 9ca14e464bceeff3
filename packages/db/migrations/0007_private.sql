CREATE TABLE "moves" (
	"project_id" uuid PRIMARY KEY NOT NULL,
	"requested_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"round_started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"cursor" uuid,
	"found" integer DEFAULT 0 NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "takedowns" ADD COLUMN "lifted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "takedowns" ADD COLUMN "lifted_by" text;--> statement-breakpoint
ALTER TABLE "takedowns" ADD COLUMN "lift_reason" text;--> statement-breakpoint
ALTER TABLE "moves" ADD CONSTRAINT "moves_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "moves_active" ON "moves" USING btree ("project_id") WHERE finished_at IS NULL;