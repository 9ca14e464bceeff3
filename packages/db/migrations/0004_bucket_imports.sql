CREATE TABLE "bucket_import_objects" (
	"import_id" uuid NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"etag" text NOT NULL,
	"upload_id" uuid,
	"asset_id" uuid,
	"error" jsonb,
	"imported_at" timestamp (3) with time zone,
	CONSTRAINT "bucket_import_objects_pkey" PRIMARY KEY("import_id","key","etag")
);
--> statement-breakpoint
CREATE TABLE "bucket_imports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"endpoint" text NOT NULL,
	"bucket" text NOT NULL,
	"prefix" text NOT NULL,
	"cursor" text COLLATE "C",
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"walked_at" timestamp (3) with time zone,
	CONSTRAINT "bucket_imports_source" UNIQUE("project_id","endpoint","bucket")
);
--> statement-breakpoint
ALTER TABLE "bucket_import_objects" ADD CONSTRAINT "bucket_import_objects_import_id_bucket_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."bucket_imports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bucket_imports" ADD CONSTRAINT "bucket_imports_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bucket_import_objects_open" ON "bucket_import_objects" USING btree ("import_id","key") WHERE imported_at IS NULL;--> statement-breakpoint
CREATE TRIGGER bucket_imports_closed BEFORE INSERT ON bucket_imports FOR EACH ROW EXECUTE FUNCTION refuse_closed_project();
