CREATE TABLE "audit_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"key_id" text NOT NULL,
	"is_operator" boolean NOT NULL,
	"action" text NOT NULL,
	"target_type" text NOT NULL,
	"target" text,
	"project_id" uuid,
	"result" text NOT NULL,
	"code" text,
	"input" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"outcome" jsonb,
	"request_id" text
);
--> statement-breakpoint
CREATE INDEX "audit_by_project" ON "audit_entries" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "audit_by_key" ON "audit_entries" USING btree ("key_id","id");--> statement-breakpoint
CREATE INDEX "audit_by_action" ON "audit_entries" USING btree ("action","id");--> statement-breakpoint
CREATE INDEX "audit_by_target" ON "audit_entries" USING btree ("target","id");